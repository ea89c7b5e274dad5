import type { Fields } from '@flywatch/core';
import { type ReactNode, useState } from 'react';
import { Isolated, RawText } from './LineText.tsx';
import { cutAt } from './line-parts.ts';

export interface FieldTreeProps {
  readonly fields: Readonly<Fields>;
  /** Buttons on a field; one that is not given is not there. `path` is the name as the filter language has it: `req.method`. */
  readonly onOnly?: ((path: string, value: unknown) => void) | undefined;
  readonly onNot?: ((path: string, value: unknown) => void) | undefined;
  readonly onColumn?: ((path: string) => void) | undefined;
  readonly onCopy?: ((path: string, value: unknown) => void) | undefined;
  /** Depth up to which branches are open at first. @defaultValue 2 */
  readonly openDepth?: number;
}

/** Fields of one branch at first; the rest comes when asked for. */
const BRANCH_FIELDS = 50;

/** Characters of a value before "show all". */
const VALUE_CHARS = 4_096;

/** Levels that are drawn; deeper is shown as JSON. */
const MAX_DEPTH = 12;

/** The fields of a line as a tree that opens and closes. */
export function FieldTree(props: FieldTreeProps): ReactNode {
  return (
    <div className="fw-tree">
      <Branch {...props} value={props.fields} path="" depth={0} />
    </div>
  );
}

interface PlaceProps extends FieldTreeProps {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

function Branch(props: PlaceProps): ReactNode {
  const { value, path, depth } = props;
  const [limit, setLimit] = useState(BRANCH_FIELDS);
  const entries = Object.entries(value as object);
  return (
    <ul className="fw-branch">
      {entries.slice(0, limit).map(([name, child]) => (
        <Field
          key={name}
          {...props}
          name={name}
          value={child}
          // Elements of an array have no path: a field of the filter language means any of them.
          path={Array.isArray(value) ? path : path === '' ? name : `${path}.${name}`}
          depth={depth + 1}
        />
      ))}
      {entries.length > limit && (
        <li>
          <button type="button" className="fw-more" onClick={() => setLimit(limit + 10 * BRANCH_FIELDS)}>
            {entries.length - limit} more fields
          </button>
        </li>
      )}
    </ul>
  );
}

function Field(props: PlaceProps & { readonly name: string }): ReactNode {
  const { name, value, depth, openDepth = 2 } = props;
  const [isOpen, setOpen] = useState(depth <= openDepth);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) {
    return (
      <li className="fw-field">
        <Isolated className="fw-name" text={name} />
        <span className="fw-colon">: </span>
        <Value value={value} />
        <FieldActions {...props} />
      </li>
    );
  }
  const count = Object.keys(value).length;
  return (
    <li className="fw-field fw-parent">
      <button type="button" className="fw-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Isolated className="fw-name" text={name} />
        <span className="fw-colon">: </span>
        <span className="fw-count">{Array.isArray(value) ? `[${count}]` : `{${count}}`}</span>
      </button>
      {isOpen && <Branch {...props} />}
    </li>
  );
}

function Value({ value }: { readonly value: unknown }): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const type = value === null ? 'null' : typeof value;
  const text = JSON.stringify(value) ?? 'undefined';
  const cut = isWhole ? text : cutAt(text, VALUE_CHARS);
  return (
    <span className={`fw-is-${type}`}>
      <RawText text={type === 'string' ? unquoted(cut, cut.length < text.length) : cut} />
      {cut.length < text.length && (
        <button type="button" className="fw-more" onClick={() => setWhole(true)}>
          Show all
        </button>
      )}
    </span>
  );
}

/** A string in quotes, its control characters as they are: they are shown as pictures, not as escapes. */
function unquoted(json: string, isCut: boolean): string {
  try {
    return `"${JSON.parse(isCut ? `${json.replace(/\\u?[0-9a-f]{0,3}$/i, '')}"` : json)}${isCut ? '…' : '"'}`;
  } catch {
    // Cut within an escape of another kind: the JSON says the same.
    return json;
  }
}

/** Characters of a value on a button. */
const BUTTON_CHARS = 16;

function FieldActions({ path, value, onOnly, onNot, onColumn, onCopy }: PlaceProps): ReactNode {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = text.length > BUTTON_CHARS ? `${cutAt(text, BUTTON_CHARS)}…` : text;
  const canFilter = value !== null && text !== '';
  return (
    <span className="fw-actions">
      {canFilter && onOnly !== undefined && (
        <button type="button" className="fw-only" onClick={() => onOnly(path, value)}>
          Only <Isolated text={short} />
        </button>
      )}
      {canFilter && onNot !== undefined && (
        <button type="button" className="fw-not" onClick={() => onNot(path, value)}>
          Not <Isolated text={short} />
        </button>
      )}
      {onColumn !== undefined && (
        <button type="button" onClick={() => onColumn(path)}>
          Column
        </button>
      )}
      {onCopy !== undefined && (
        <button type="button" onClick={() => onCopy(path, value)}>
          Copy
        </button>
      )}
    </span>
  );
}
