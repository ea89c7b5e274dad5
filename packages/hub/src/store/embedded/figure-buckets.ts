/**
 * Buckets of figures and checks in the store's file, worked out anew from what they stand on, in the transaction that brings
 * the rows: late ones and repeated ones too, so that no bucket ever says something else than its rows.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FigureKind } from '../figures.ts';
import { joinBuckets, packBucket } from '../rollup/bucket.ts';
import type { Subject } from '../rollup/subject.ts';
import { bucketStart, type Floors, sourceOf, TIERS } from '../rollup/tiers.ts';
import { FigureParts } from './figure-parts.ts';

/** A step of the store's schema. */
export const BUCKETS_MIGRATION = `
  -- What rows have beside their columns goes sooner than they do: apart, so that it leaves no holes between them.
  CREATE TABLE vps_metrics_details (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE health_checks_details (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  INSERT INTO vps_metrics_details SELECT id, details FROM vps_metrics WHERE details IS NOT NULL;
  INSERT INTO health_checks_details SELECT id, details FROM health_checks WHERE details IS NOT NULL;
  ALTER TABLE vps_metrics DROP COLUMN details;
  ALTER TABLE health_checks DROP COLUMN details;
  -- Series of a row that have no column, packed; a result's place among the states of checks.
  ALTER TABLE vps_metrics ADD COLUMN others BLOB;
  ALTER TABLE health_checks ADD COLUMN state INTEGER;
  -- Whose buckets there are: hosts, which have neither app nor url here, and checks on them with their names.
  CREATE TABLE figure_subjects (
    id INTEGER PRIMARY KEY, vps_name TEXT NOT NULL, app_name TEXT NOT NULL, url TEXT NOT NULL, name TEXT,
    UNIQUE (vps_name, app_name, url)
  );
  CREATE TABLE figure_buckets (
    subject INTEGER NOT NULL, tier INTEGER NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (subject, tier, at)
  ) WITHOUT ROWID;
  -- Rows of before are in no bucket yet, up to these.
  INSERT INTO facts SELECT 'metrics_unrolled_to', max(id) FROM vps_metrics WHERE true HAVING max(id) IS NOT NULL;
  INSERT INTO facts SELECT 'checks_unrolled_to', max(id) FROM health_checks WHERE true HAVING max(id) IS NOT NULL;
`;

/** A report, or a result with what its check is called. */
export interface Reported extends Subject {
  readonly timeMs: number;
  readonly name: string | null;
}

export class FigureBuckets {
  readonly #parts: FigureParts;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #rename: StatementSync;
  readonly #save: StatementSync;

  constructor(db: DatabaseSync) {
    this.#parts = new FigureParts(db);
    this.#find = db.prepare('SELECT id, name FROM figure_subjects WHERE vps_name = ? AND app_name = ? AND url = ?');
    this.#insert = db.prepare('INSERT INTO figure_subjects (vps_name, app_name, url, name) VALUES (?, ?, ?, ?)');
    this.#rename = db.prepare('UPDATE figure_subjects SET name = ? WHERE id = ?');
    this.#save = db.prepare('INSERT OR REPLACE INTO figure_buckets (subject, tier, at, data) VALUES (?, ?, ?, ?)');
  }

  /** Brings all buckets up to date that these belong to. They have to be in the tables already. */
  refresh(kind: FigureKind, reported: readonly Reported[]): void {
    const floors = this.#parts.floors(kind);
    const subjects = Map.groupBy(reported, ({ vps, app, url }) => JSON.stringify([vps, app, url]));
    for (const own of subjects.values()) this.#refreshOne(own, floors);
  }

  #refreshOne(reported: readonly Reported[], floors: Floors): void {
    const { vps, app, url } = reported[0]!;
    const id = this.#idOf({ vps, app, url }, reported.findLast(({ name }) => name !== null)?.name ?? null);
    let times = reported.map(({ timeMs }) => timeMs);
    for (const [tier, { stepMs }] of TIERS.entries()) {
      times = [...new Set(times.map((timeMs) => bucketStart(timeMs, stepMs)))];
      for (const startMs of times) {
        const source = sourceOf(tier, startMs, floors);
        if (source === undefined || startMs < floors.tiersMs[tier]!) continue;
        const parts = this.#parts.read({ vps, app, url, id }, source, startMs, startMs + stepMs);
        const bucket = joinBuckets(parts.map(([, part]) => part));
        if (bucket !== undefined)
          this.#save.run(id, tier, startMs, packBucket(bucket, startMs) as Uint8Array<ArrayBuffer>);
      }
    }
  }

  #idOf({ vps, app, url }: Subject, name: string | null): number {
    const known = this.#find.get(vps, app, url) as { id: number; name: string | null } | undefined;
    if (known === undefined) return Number(this.#insert.run(vps, app, url, name).lastInsertRowid);
    if (name !== null && name !== known.name) this.#rename.run(name, known.id);
    return known.id;
  }
}
