/**
 * Buckets of figures and checks in the database. Rows come from the hub and from agents that write here themselves; a trigger marks
 * the minutes that they belong to, in the transaction that brings them. Marks are worked off every other second and before
 * questions: the buckets are worked out anew from what they stand on, and the marks go in the same transaction.
 */

import { Link } from '@flywatch/agent/postgres';
import { inSteps, packBucket, type TimedBucket } from '../rollup/bucket.ts';
import type { KnownSubject, Subject } from '../rollup/subject.ts';
import { bucketStart, type Floors, type Source, sourceOf, TIERS } from '../rollup/tiers.ts';
import { floorsAt, readParts } from './figure-parts.ts';
import { FigureRetention } from './figure-retention.ts';
import { LOCK_KEY } from './migrate.ts';

/** Marks that are worked off in one transaction; more follow at once. */
const MARKS_AT_ONCE = 500;

/** Beside LOCK_KEY: one hub at a time, since each reads what others write. */
const ROLL_UP_LOCK = 1;

type Mark = readonly [vps: string, app: string, url: string, name: string | null, fromMs: number, toMs: number];

const TAKE_MARKS = `DELETE FROM figure_marks WHERE id IN (SELECT id FROM figure_marks ORDER BY id LIMIT ${MARKS_AT_ONCE})
  RETURNING vps_name, app_name, url, name, from_ms::double precision, to_ms::double precision`;

const FIND_SUBJECT = `SELECT id, name FROM figure_subjects
  WHERE vps_name = $1 AND app_name = $2 AND md5(url) = md5($3) AND url = $3`;

const SAVE_SUBJECT = `INSERT INTO figure_subjects AS known (vps_name, app_name, url, name) VALUES ($1, $2, $3, $4)
  ON CONFLICT (vps_name, app_name, md5(url)) DO UPDATE SET name = coalesce(excluded.name, known.name) RETURNING id`;

const SAVE_BUCKETS = `INSERT INTO figure_buckets (subject, tier, at, data)
  SELECT $1, $2, at, data FROM unnest($3::bigint[], $4::bytea[]) AS bucket (at, data)
  ON CONFLICT (subject, tier, at) DO UPDATE SET data = excluded.data`;

export class FigureRollUp {
  readonly #url: string;
  readonly #rowsKeptMs: number;
  readonly #retention: FigureRetention;
  #link: Link | undefined;
  #running: Promise<void> | undefined;

  /** @param rowsKeptMs - milliseconds after their time that rows are kept */
  constructor(url: string, rowsKeptMs: number) {
    this.#url = url;
    this.#rowsKeptMs = rowsKeptMs;
    this.#retention = new FigureRetention();
  }

  /** Works off all marks, and does a bit of what age asks for. */
  async run(): Promise<void> {
    // A look that is under way may have begun before the row came that is asked for: it is waited for, and another one taken.
    await this.#running?.catch(() => {});
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      if (this.#link === undefined || this.#link.isLost) this.#link = await Link.open(this.#url);
      while ((await this.#workOff(this.#link)) === MARKS_AT_ONCE);
      await this.#retention.tend(this.#link, Date.now());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #workOff(link: Link): Promise<number> {
    const { rows: waiting } = await link.query('SELECT FROM figure_marks LIMIT 1');
    if (waiting.length === 0) return 0;
    return link.transaction(async () => {
      await link.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_KEY, ROLL_UP_LOCK]);
      const marks = await askOn(link)<Mark>(TAKE_MARKS, []);
      const floors = floorsAt(Date.now(), this.#rowsKeptMs);
      const subjects = Map.groupBy(marks, ([vps, app, url]) => JSON.stringify([vps, app, url]));
      for (const own of subjects.values()) await refresh(link, own, floors);
      return marks.length;
    });
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
  }
}

/** Rows as arrays, on the connection of a transaction. */
function askOn(link: Link) {
  return async <Row extends readonly unknown[]>(sql: string, values: readonly unknown[]): Promise<Row[]> => {
    const { rows } = await link.query({ text: sql, values: [...values], rowMode: 'array' });
    return rows as unknown as Row[];
  };
}

/** Works out the buckets of a host or a check that its marks lie in. */
async function refresh(link: Link, marks: readonly Mark[], floors: Floors): Promise<void> {
  const [vps, app, url] = marks[0]!;
  const name = marks.map(([, , , given]) => given).findLast((given) => given !== null) ?? null;
  const subject = { id: await idOf(link, { vps, app, url }, name), vps, app, url, name };
  let spans = marks.map(([, , , , fromMs, toMs]) => ({ fromMs, toMs }));
  for (const [tier, { stepMs }] of TIERS.entries()) {
    spans = joinedSpans(spans, stepMs);
    const buckets: TimedBucket[] = [];
    for (const { fromMs, toMs } of spans)
      buckets.push(...(await bucketsOf(link, subject, { tier, fromMs, toMs }, floors)));
    if (buckets.length === 0) continue;
    const data = buckets.map(([startMs, bucket]) => Buffer.from(packBucket(bucket, startMs)));
    await link.query(SAVE_BUCKETS, [subject.id, tier, buckets.map(([startMs]) => startMs), data]);
  }
}

/** Written only where it is new or is called something else: each report would leave a dead row else. */
async function idOf(link: Link, { vps, app, url }: Subject, name: string | null): Promise<number> {
  const [known] = await askOn(link)<[id: number, name: string | null]>(FIND_SUBJECT, [vps, app, url]);
  if (known !== undefined && (name === null || name === known[1])) return known[0];
  const [saved] = await askOn(link)<[id: number]>(SAVE_SUBJECT, [vps, app, url, name]);
  return saved![0];
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Spans as whole buckets, ascending; those that touch are one. */
function joinedSpans(spans: readonly Span[], stepMs: number): Span[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const whole = { fromMs: bucketStart(fromMs, stepMs), toMs: Math.ceil(toMs / stepMs) * stepMs };
    const last = joined.at(-1);
    if (last !== undefined && whole.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, whole.toMs);
    else joined.push(whole);
  }
  return joined;
}

/** Buckets of a span; those that can no longer be worked out stay as they are. */
async function bucketsOf(
  link: Link,
  subject: KnownSubject,
  { tier, fromMs, toMs }: Span & { readonly tier: number },
  floors: Floors,
): Promise<TimedBucket[]> {
  const { stepMs } = TIERS[tier]!;
  // What a bucket stands on changes with its age at a few points alone, so that a span has one source nearly always.
  const starts = Array.from({ length: (toMs - fromMs) / stepMs }, (_, i) => fromMs + i * stepMs);
  const bySource = Map.groupBy(starts, (startMs): Source | undefined =>
    startMs < floors.tiersMs[tier]! ? undefined : sourceOf(tier, startMs, floors),
  );
  const buckets: TimedBucket[] = [];
  for (const [source, own] of bySource) {
    if (source === undefined) continue;
    buckets.push(...inSteps(await readParts(askOn(link), subject, source, own[0]!, own.at(-1)! + stepMs), stepMs));
  }
  return buckets;
}
