/**
 * The search box. A plain input with transparent letters lies over the same text in colours, so that caret, selection, undo
 * and input methods are the browser's own.
 */

import {
  type KeyboardEvent,
  type ReactElement,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { counted } from '../../app/format.ts';
import { CloseIcon, SearchIcon } from '../../app/icons.tsx';
import { useKeys } from '../../app/keys.ts';
import { changeSettings, readSettings } from '../../app/settings.ts';
import type { ChangeView, View } from '../view.ts';
import { complete, type Option } from './completion.ts';
import { MistakeNote } from './MistakeNote.tsx';
import { type FilterError, findMistake } from './mistake.ts';
import { optionId, Suggestions } from './Suggestions.tsx';
import { segmentsOf } from './segments.ts';
import { useKnown } from './useKnown.ts';
import './search.css';

interface SearchBoxProps {
  /** Where the box puts its field, for those who want to give it the focus. */
  readonly input: RefObject<HTMLInputElement | null>;
  readonly view: View;
  readonly onView: ChangeView;
  /** What the hub said of the filter that is in the view. */
  readonly error: FilterError | undefined;
  /** Lines that match it. */
  readonly matches: number | undefined;
}

/** The longest filter that the hub takes. */
const MAX_LENGTH = 4096;

export function SearchBox({ input, view, onView, error, matches }: SearchBoxProps): ReactElement {
  const [draft, setDraft] = useState(view.q);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  /** Whether the active option was chosen with the arrows: only then Enter takes it. */
  const [picked, setPicked] = useState(false);
  const layer = useRef<HTMLDivElement>(null);
  const wanted = useRef<number>(undefined);
  const id = useId();
  const listId = `${id}list`;
  const noteId = `${id}note`;

  // The view's text may change elsewhere: a facet, a field of a line, the back button.
  useEffect(() => setDraft(view.q), [view.q]);
  useKeys({ scope: 'search', keys: { '/': { text: 'Search', run: () => input.current?.select() } } });

  const known = useKnown(draft, caret, view.range, open);
  const first = useMemo(() => complete(draft, caret, known, undefined), [draft, caret, known]);
  const chosenField = first.flatMap(({ options }) => options)[active];
  const groups = chosenField?.kind === 'field' ? complete(draft, caret, known, chosenField.label) : first;
  const options = groups.flatMap((group) => group.options);
  const found = useMemo(() => findMistake(draft), [draft]);
  const mistake = found ?? (error !== undefined && draft === view.q ? { ...error, repairs: [] } : undefined);
  // While something can be completed the text is bound to be unfinished; then its mistake is nobody's news.
  const suggests = open && options.length > 0;
  const wrong = suggests ? undefined : mistake;
  const place =
    wrong?.start === undefined ? undefined : { start: wrong.start, end: Math.max(wrong.end ?? 0, wrong.start + 1) };

  useLayoutEffect(() => {
    const at = wanted.current;
    wanted.current = undefined;
    if (at !== undefined) input.current?.setSelectionRange(at, at);
    follow();
  });

  /** Keeps the coloured text under the letters, and the caret where it really is. */
  function follow(): void {
    if (input.current === null || layer.current === null) return;
    layer.current.scrollLeft = input.current.scrollLeft;
  }

  function edit(text: string, at: number): void {
    setDraft(text);
    setCaret(at);
    setActive(0);
    setPicked(false);
  }

  function search(text: string): void {
    const q = text.trim();
    setOpen(false);
    if (findMistake(q) !== undefined) return;
    if (q !== '') changeSettings({ searches: [q, ...readSettings().searches.filter((other) => other !== q)] });
    setDraft(q);
    onView({ q });
  }

  function choose(option: Option): void {
    wanted.current = option.caret;
    edit(option.text, option.caret);
    if (option.kind === 'recent') search(option.text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const option = suggests ? options[active] : undefined;
    if (step !== 0) {
      if (suggests) setActive(picked || step < 0 ? (active + step + options.length) % options.length : active);
      setPicked(suggests);
      setOpen(true);
    } else if (event.key === 'Tab' && !event.shiftKey && option !== undefined && draft !== '') choose(option);
    else if (event.key === 'Enter') {
      if (picked && option !== undefined) choose(option);
      else search(draft);
    } else if (event.key === 'Escape') {
      if (suggests) setOpen(false);
      else {
        setDraft(view.q);
        input.current?.blur();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <search className={`search${wrong === undefined ? '' : ' is-wrong'}${draft === '' ? ' is-empty' : ''}`}>
      <SearchIcon />
      <div className="search-text-box">
        <div className="search-layer" ref={layer} aria-hidden="true">
          {segmentsOf(draft, place).map(({ text, className }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: stretches of a text are what stands at their place
            <span key={i} className={className}>
              {text}
            </span>
          ))}
        </div>
        <input
          ref={input}
          className="search-input"
          value={draft}
          maxLength={MAX_LENGTH}
          placeholder="Search lines: words, app:name, level:error, status:>=500"
          aria-label="Search lines"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={suggests}
          aria-controls={listId}
          aria-activedescendant={suggests && picked ? optionId(listId, active) : undefined}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : noteId}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          onChange={(event) => {
            edit(event.target.value, event.target.selectionStart ?? event.target.value.length);
            setOpen(true);
          }}
          onSelect={(event) => {
            setCaret(event.currentTarget.selectionStart ?? 0);
            follow();
          }}
          onScroll={follow}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      <SearchState at={wrong?.start} draft={draft} matches={draft === view.q ? matches : undefined} />
      {draft !== '' && (
        <button
          type="button"
          className="icon-button search-clear"
          aria-label="Clear the filter"
          onClick={() => search('')}
        >
          <CloseIcon />
        </button>
      )}
      {suggests && <Suggestions id={listId} groups={groups} active={active} onActive={setActive} onChoose={choose} />}
      {wrong !== undefined && (
        <MistakeNote
          id={noteId}
          mistake={wrong}
          onRepair={(repair) => {
            wanted.current = repair.text.length;
            search(repair.text);
          }}
        />
      )}
    </search>
  );
}

interface SearchStateProps {
  readonly at: number | undefined;
  readonly draft: string;
  readonly matches: number | undefined;
}

/** At the right end of the box: where the mistake is, or how many lines match. */
function SearchState({ at, draft, matches }: SearchStateProps): ReactElement | null {
  if (at !== undefined) return <span className="search-state is-wrong">position {at + 1}</span>;
  if (draft === '' || matches === undefined) return null;
  return <span className="search-state">{counted(matches, 'line')}</span>;
}
