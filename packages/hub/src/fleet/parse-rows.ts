/** Rows as they come in, judged one by one: the first that is wrong is named, and nothing of its batch is taken. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAbsurdTime, parseStructure, parseTime } from '@flywatch/core';
import { HttpError } from '../errors.ts';
import { FIGURE_ROW_MAX_DETAILS_CHARS, FIGURE_ROW_MAX_NAME_CHARS, FIGURE_ROW_MAX_TEXT_CHARS } from '../limits.ts';
import { type ColumnType, FIGURE_TABLES, type FigureKind, type FigureRow, type FigureValue } from '../store/figures.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Characters that are judged before others get their turn: some 5 ms. A batch may have 64 MB. */
const SLICE_CHARS = 256 * 1024;

/** Columns that must have a value. */
const REQUIRED: ReadonlySet<string> = new Set(['url', 'success']);

/** @throws {HttpError} `bad_row`, with the number of the row, its field and the value. */
export async function parseRows(kind: FigureKind, texts: readonly string[], nowMs: number): Promise<FigureRow[]> {
  const rows: FigureRow[] = [];
  let chars = 0;
  for (const [i, text] of texts.entries()) {
    chars += text.length;
    if (chars > SLICE_CHARS) {
      await nextTurn();
      chars = text.length;
    }
    rows.push(parseRow(kind, text, i + 1, nowMs));
  }
  return rows;
}

function parseRow(kind: FigureKind, text: string, number: number, nowMs: number): FigureRow {
  const fields = parseStructure(text);
  if (fields === undefined) {
    throw badRow(number, `${shown(text)} is no JSON object; an array has to come with Content-Type: application/json`);
  }
  const row = new RowFields(fields, number);
  const timeMs = row.time(nowMs);
  const [vps, app] = [row.name('vps_name'), row.name('app_name')];
  const values = FIGURE_TABLES[kind].columns.map(([name, type]) => row.column(name, type));
  return { timeMs, vps, app, values, details: row.details() };
}

class RowFields {
  readonly #fields: Fields;
  readonly #number: number;
  readonly #taken = new Set<string>();

  constructor(fields: Fields, number: number) {
    this.#fields = fields;
    this.#number = number;
  }

  #take(name: string): unknown {
    this.#taken.add(name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  #refuse(name: string, value: unknown, expected: string): HttpError {
    const given = value === undefined ? 'is missing' : `${shown(JSON.stringify(value))} cannot be used`;
    return badRow(this.#number, `${name}: ${given}; expected ${expected}`);
  }

  /** Rows without a time are of now, as in seed 003's tables. */
  time(nowMs: number): number {
    const value = this.#take('timestamp');
    if (value === undefined || value === null) return nowMs;
    const time = parseTime(value);
    if (time === undefined) throw this.#refuse('timestamp', value, 'a time such as 2026-11-20T10:15:00Z');
    if (isAbsurdTime(time, nowMs)) {
      throw this.#refuse(
        'timestamp',
        value,
        'a time since 2000 and at most a day ahead of the hub; the clock of the host may be wrong',
      );
    }
    return time.ms;
  }

  name(name: string): string {
    const value = this.#take(name);
    if (typeof value === 'string' && value.trim() !== '' && value.length <= FIGURE_ROW_MAX_NAME_CHARS) return value;
    throw this.#refuse(name, value, `a text of 1 to ${FIGURE_ROW_MAX_NAME_CHARS} characters`);
  }

  column(name: string, type: ColumnType): FigureValue {
    const value = this.#take(name);
    if ((value === undefined || value === null) && !REQUIRED.has(name)) return null;
    if (COLUMNS[type].accepts(value)) return value as FigureValue;
    throw this.#refuse(name, value, COLUMNS[type].expected);
  }

  /** All that has no column of its own; null where there is nothing. */
  details(): string | null {
    const rest = Object.entries(this.#fields).filter(([name]) => !this.#taken.has(name));
    if (rest.length === 0) return null;
    const json = JSON.stringify(Object.fromEntries(rest));
    if (json.length <= FIGURE_ROW_MAX_DETAILS_CHARS) return json;
    const [largest] = rest
      .map(([name, value]) => ({ name, chars: (JSON.stringify(value) ?? '').length }))
      .sort((a, b) => b.chars - a.chars);
    throw badRow(
      this.#number,
      `${shown(largest!.name)}: ${largest!.chars} characters; expected at most ${FIGURE_ROW_MAX_DETAILS_CHARS} of all fields that are no column`,
    );
  }
}

const COLUMNS: Readonly<Record<ColumnType, { accepts(value: unknown): boolean; readonly expected: string }>> = {
  number: { accepts: (value) => typeof value === 'number' && Number.isFinite(value), expected: 'a number or null' },
  integer: {
    accepts: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
    expected: 'a whole number or null',
  },
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  text: {
    accepts: (value) => typeof value === 'string' && value.length <= FIGURE_ROW_MAX_TEXT_CHARS,
    expected: `a text of at most ${FIGURE_ROW_MAX_TEXT_CHARS} characters`,
  },
};

/** Enough of a value to find it again. */
function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function badRow(number: number, problem: string): HttpError {
  return new HttpError('bad_row', `row ${number}: ${problem}; nothing of the batch was taken`);
}
