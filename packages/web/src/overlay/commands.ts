/** What the palette offers for what was typed. Pure: what is chosen is done by whoever asked. */

import type { FleetUnit } from '@flywatch/core';
import { counted } from '../app/format.ts';
import type { SavedView } from '../app/settings.ts';
import { hostHref, WHOLE_LIST } from '../fleet/fleet-view.ts';
import { appHref } from '../fleet/live-href.ts';
import { kindText } from '../fleet/words.ts';
import { excludingTerm, onlyTerm, termText } from '../live/query-text.ts';

export interface Command {
  readonly id: string;
  readonly group: Group;
  readonly name: string;
  /** What typed text is looked for in. @defaultValue the name */
  readonly words?: string;
  /** At the right: what it is, or how much. */
  readonly hint?: string;
  /** Where the hint is trouble. */
  readonly tone?: 'late' | 'down';
  readonly key?: string;
  readonly run: () => void;
}

/** In their order. */
export const GROUPS = ['Go to', 'Apps and hosts', 'Filter the stream', 'Saved views', 'Actions', 'Ask'] as const;

export type Group = (typeof GROUPS)[number];

export interface Facet {
  readonly value: string;
  readonly count: number;
}

export interface Facets {
  readonly app?: readonly Facet[];
  readonly instance?: readonly Facet[];
}

/** Rows of a group: enough to choose from, few enough to see all groups. */
const MAX_OF_GROUP = 5;

/** Commands whose names have the text in them, those that begin with it first. `>` at the beginning asks for actions alone. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const actionsOnly = typed.startsWith('>');
  const text = (actionsOnly ? typed.slice(1) : typed).trim().toLowerCase();
  const rank = ({ name, words = name }: Command) => {
    const at = words.toLowerCase().indexOf(text);
    return at < 0 ? 2 : Math.min(at, 1);
  };
  return GROUPS.flatMap((group) =>
    commands
      .filter((command) => command.group === group && rank(command) < 2)
      .filter(() => !actionsOnly || group === 'Actions')
      // Without a word there is nothing to choose hosts or filters by.
      .filter(() => text !== '' || (group !== 'Apps and hosts' && group !== 'Filter the stream'))
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, MAX_OF_GROUP),
  );
}

/** A host or a Fly app with its trouble, which leads to its page or to its lines. Those in trouble come first, as the hub has them. */
export function unitCommands(units: readonly FleetUnit[], go: (href: string) => void): readonly Command[] {
  return units.map((unit): Command => {
    const { kind, name, reasons, severity } = unit;
    const href = kind === 'vps' ? hostHref(name, WHOLE_LIST) : appHref(name, WHOLE_LIST.hours);
    return {
      id: `unit ${kind} ${name}`,
      group: 'Apps and hosts',
      name,
      hint: reasons[0]?.text ?? kindText(unit),
      ...(severity !== null && { tone: severity === 'error' ? 'down' : 'late' }),
      run: () => go(href),
    };
  });
}

/** Commands on the values of the facets: only this one's lines, or all others. */
export function facetCommands(facets: Facets, q: string, showLive: (q: string) => void): readonly Command[] {
  return (['app', 'instance'] as const).flatMap((field) =>
    (facets[field] ?? []).flatMap(({ value, count }): Command[] => {
      const term = termText(field, value);
      if (term === undefined) return [];
      return [
        {
          id: `only ${field} ${value}`,
          group: 'Filter the stream',
          name: `Only ${term}`,
          words: value,
          hint: counted(count, 'line'),
          run: () => showLive(onlyTerm(q, field, value)),
        },
        {
          id: `not ${field} ${value}`,
          group: 'Filter the stream',
          name: `Without ${term}`,
          words: value,
          run: () => showLive(excludingTerm(q, field, value)),
        },
      ];
    }),
  );
}

/** What was typed, as a question; it fits whatever is typed, and stands last. */
export function askCommand(typed: string, ask: (question: string) => void): Command {
  const question = typed.trim();
  return {
    id: 'ask',
    group: 'Ask',
    name: question === '' ? 'Ask a question' : `“${question.slice(0, MAX_ASKED_CHARS)}”`,
    words: question,
    key: 'Mod+Enter',
    run: () => ask(question),
  };
}

/** Characters of a question in its row. */
const MAX_ASKED_CHARS = 80;

export function viewCommands(views: readonly SavedView[], go: (href: string) => void): readonly Command[] {
  return views.map(({ name, search }) => ({
    id: `view ${name}`,
    group: 'Saved views',
    name,
    hint: new URLSearchParams(search).get('q') ?? '',
    run: () => go(`/ui/?${search}`),
  }));
}

/** A name in pieces: what was typed is marked. */
export function marked(name: string, typed: string): readonly [before: string, hit: string, after: string] {
  const text = typed.replace(/^>/, '').trim();
  const at = text === '' ? -1 : name.toLowerCase().indexOf(text.toLowerCase());
  return at < 0 ? [name, '', ''] : [name.slice(0, at), name.slice(at, at + text.length), name.slice(at + text.length)];
}
