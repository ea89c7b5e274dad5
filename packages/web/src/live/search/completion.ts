/** What may be meant by what stands at the caret: pure, from the text, the fields that there are and the values of one. */

import { type FieldSummary, type FilterToken, tokenizeFilter } from '@flywatch/core';
import { counted } from '../../app/format.ts';
import { termText } from '../query-text.ts';
import { describeField } from './field-catalogue.ts';

/** What is being typed where the caret is. */
export interface Place {
  readonly kind: 'field' | 'value';
  /** The part that a completion replaces. */
  readonly start: number;
  readonly end: number;
  /** What of it stands before the caret. */
  readonly typed: string;
  /** The field whose value is being typed. */
  readonly field: string | undefined;
}

export interface Option {
  readonly kind: 'field' | 'form' | 'value' | 'recent';
  readonly label: string;
  /** Characters of the label that were typed, from its beginning. */
  readonly typed: number;
  readonly note: string;
  readonly glyph: string;
  readonly count: number | undefined;
  /** The whole text and the caret in it once this is chosen. */
  readonly text: string;
  readonly caret: number;
}

export interface Group {
  readonly title: string;
  /** What the counts count. */
  readonly unit: string;
  readonly options: readonly Option[];
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Options of a group: what is looked through in a glance. */
const MAX_FIELDS = 6;
const MAX_VALUES = 8;
const MAX_RECENT = 4;

/** Where a completion would go; undefined inside of a phrase, an expression or an operator. */
export function placeAt(text: string, caret: number): Place | undefined {
  const tokens = tokenizeFilter(text);
  const at = tokens.findLastIndex(({ start, end }) => start <= caret && caret <= end);
  const token = tokens[at];
  // Between two terms, or at the end: a new one begins here.
  if (token === undefined || token.type === 'parenthesis' || token.type === 'negation') {
    return { kind: 'field', start: caret, end: caret, typed: '', field: undefined };
  }
  const typed = text.slice(token.start, caret);
  if (token.type === 'value') return valuePlace(text, tokens[at - 1]!, token, typed);
  if (token.type === 'name') {
    return { kind: 'field', start: token.start, end: token.end, typed: typed.replace(/:$/, ''), field: undefined };
  }
  if (!/^[A-Za-z_@][\w.@\-/]*$/.test(typed)) return undefined;
  return { kind: 'field', start: token.start, end: token.end, typed, field: undefined };
}

function valuePlace(text: string, name: FilterToken, value: FilterToken, typed: string): Place | undefined {
  if (typed.startsWith('/')) return undefined;
  const sign = /^[<>]?=?/.exec(typed)![0].length;
  return {
    kind: 'value',
    start: value.start + sign,
    end: value.end,
    typed: typed.slice(sign).replace(/^"/, ''),
    field: text.slice(name.start, name.end - 1),
  };
}

export interface Known {
  readonly fields: readonly FieldSummary[];
  /** Lines that `fields` was learned from. */
  readonly looked: number;
  /** Whether those are all lines of the range, and not its newest alone. */
  readonly isAll: boolean;
  /** Values of the field at the caret. */
  readonly values: readonly ValueCount[];
  /** Newest first. */
  readonly searches: readonly string[];
}

/** The groups of options at the caret; forms are those of the field `chosen`, or of the first one. */
export function complete(text: string, caret: number, known: Known, chosen: string | undefined): readonly Group[] {
  const place = placeAt(text, caret);
  const groups: Group[] = [];
  if (place?.kind === 'value') groups.push(valueGroup(text, place, known.values));
  if (place?.kind === 'field') {
    const fields = fitting(known.fields, place.typed).slice(0, MAX_FIELDS);
    groups.push(fieldGroup(text, place, fields, known));
    const field = fields.find(({ name }) => name === chosen) ?? fields[0];
    if (field !== undefined && place.typed !== '') groups.push(formGroup(text, place, field));
  }
  groups.push(recentGroup(text, known.searches));
  return groups.filter(({ options }) => options.length > 0);
}

/** Fields that begin with what was typed, then those of which a part does: `status` finds `res.statusCode`. */
function fitting(fields: readonly FieldSummary[], typed: string): readonly FieldSummary[] {
  const wanted = typed.toLowerCase();
  const begins = fields.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  if (wanted === '') return begins;
  return [
    ...begins,
    ...fields.filter(({ name }) => name.toLowerCase().includes(wanted, 1) && !begins.some((one) => one.name === name)),
  ];
}

const GLYPHS = { number: '#', text: 'T', bool: '?' } as const;

function fieldGroup(text: string, place: Place, fields: readonly FieldSummary[], known: Known): Group {
  return {
    title: place.typed === '' ? 'Fields' : `Fields that fit “${place.typed}”`,
    unit: `of ${known.isAll ? '' : 'the newest '}${counted(known.looked, 'line')}`,
    options: fields.map((field) => ({
      kind: 'field',
      label: field.name,
      typed: commonStart(field.name, place.typed),
      note: describeField(field),
      glyph: GLYPHS[field.type],
      count: field.lines,
      ...spliced(text, place, `${field.name}:`),
    })),
  };
}

function formGroup(text: string, place: Place, field: FieldSummary): Group {
  const forms = formsOf(field).map(([form, note]) => ({
    kind: 'form' as const,
    label: form,
    typed: 0,
    note,
    glyph: '',
    count: undefined,
    ...spliced(text, place, form),
  }));
  return { title: 'Then', unit: '', options: forms };
}

/** Ways to ask for the field, with a value that it really has. */
function formsOf({ name, type, samples }: FieldSummary): readonly (readonly [string, string])[] {
  const sample = type === 'number' ? (samples.find((one) => Number(one) >= 400) ?? samples[0]) : samples[0];
  const equal = sample === undefined ? undefined : termText(name, sample);
  const forms: [string, string][] = equal === undefined ? [] : [[equal, 'equal to a value']];
  if (type === 'number') forms.push([`${name}:>${Math.max(0, Number(sample ?? 500) - 1)}`, 'greater or less']);
  const start = /^[\p{L}\p{N}]/u.exec(sample ?? '')?.[0];
  if (start !== undefined && type !== 'bool') forms.push([`${name}:${start}*`, 'begins with']);
  forms.push([`${name}:*`, 'has any value']);
  return forms.slice(0, 3);
}

function valueGroup(text: string, place: Place, values: readonly ValueCount[]): Group {
  const wanted = place.typed.toLowerCase();
  const fit = values.filter(({ value }) => value.toLowerCase().includes(wanted));
  const begins = fit.filter(({ value }) => value.toLowerCase().startsWith(wanted));
  const rest = fit.filter((value) => !begins.includes(value));
  return {
    title: `Values of ${place.field}`,
    unit: 'lines',
    options: [...begins, ...rest].slice(0, MAX_VALUES).flatMap(({ value, count }) => {
      const term = termText(place.field!, value);
      if (term === undefined) return [];
      const written = term.slice(place.field!.length + 1);
      return [
        {
          kind: 'value' as const,
          label: value,
          typed: commonStart(value, place.typed),
          note: '',
          glyph: '',
          count,
          ...spliced(text, place, written),
        },
      ];
    }),
  };
}

function recentGroup(text: string, searches: readonly string[]): Group {
  const typed = text.trim().toLowerCase();
  const options = searches
    .filter((search) => search !== text.trim() && (typed === '' || search.toLowerCase().includes(typed)))
    .slice(0, MAX_RECENT)
    .map((search) => ({
      kind: 'recent' as const,
      label: search,
      typed: 0,
      note: '',
      glyph: '',
      count: undefined,
      text: search,
      caret: search.length,
    }));
  return { title: 'Recent searches', unit: '', options };
}

function spliced(text: string, { start, end }: Place, replacement: string): { text: string; caret: number } {
  // A term is done once it has its value; a field still waits for one.
  const done = replacement.endsWith(':') ? replacement : `${replacement}${/^[\s)]/.test(text.slice(end)) ? '' : ' '}`;
  return { text: text.slice(0, start) + done + text.slice(end), caret: start + done.length };
}

function commonStart(label: string, typed: string): number {
  return label.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : 0;
}
