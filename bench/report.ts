// Results as tables on stdout and as JSON in bench/results/.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

interface Column {
  key: string;
  label: string;
  /** Digits behind the point. @defaultValue 0 */
  digits?: number;
}

export type Row = Record<string, string | number | boolean | undefined>;

export interface Table {
  title: string;
  columns: Column[];
  rows: Row[];
}

export interface ScenarioResult {
  tables: Table[];
  /** Sentences under the tables: what was left out and why, and what follows from the figures. */
  notes: string[];
}

function cell(value: Row[string], digits = 0): string {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return '–';
  if (typeof value === 'number') {
    return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'NO') : value;
}

/** Text columns to the left, figures to the right. */
export function formatTable({ title, columns, rows }: Table): string {
  const cells = [columns.map((c) => c.label), ...rows.map((row) => columns.map((c) => cell(row[c.key], c.digits)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const left = columns.map((c) => rows.every((row) => typeof row[c.key] !== 'number'));
  const lines = cells.map((line) =>
    line
      .map((text, i) => (left[i] ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Where and when: without it a figure means nothing. */
export function describeMachine(): Row {
  return {
    date: new Date().toISOString(),
    commit: revision(),
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_mb: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.version,
  };
}

function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown'; // an unpacked archive
  }
}

/** @returns the file's path, relative to the repository */
export function saveResults(content: unknown, at: Date): string {
  const dir = join(import.meta.dirname, 'results');
  mkdirSync(dir, { recursive: true });
  const name = `${at.toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  writeFileSync(join(dir, name), `${JSON.stringify(content, null, 2)}\n`);
  return `bench/results/${name}`;
}
