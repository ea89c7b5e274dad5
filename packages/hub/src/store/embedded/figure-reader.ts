/** The reading side of figures and checks in the store's file. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CHECK_STATES,
  columnsOf,
  FIGURE_TABLES,
  type FigureKind,
  type FigureReader,
  type FigureRow,
  type HostHistory,
  type HostsAnswer,
  type HostsQuestion,
  MAX_HOST_CHECKS,
  MAX_HOST_ROWS,
  MAX_RECENT_RESULTS,
  MAX_SUBJECTS,
  NEWEST_REPORTS,
  type PointsQuestion,
  type ResultsQuestion,
  type RowsAnswer,
  type SeriesQuestion,
  type SparksAnswer,
  type SparksQuestion,
  type TalliesAnswer,
  type TalliesQuestion,
  type TrailsAnswer,
  type TrailsQuestion,
} from '../figures.ts';
import { inSteps } from '../rollup/bucket.ts';
import { CPU_PERCENT, MEMORY_PERCENT } from '../rollup/series.ts';
import { IS_HOST, isHost, type KnownSubject } from '../rollup/subject.ts';
import { bucketStart, sectionsFrom, shownAs, widestWithin } from '../rollup/tiers.ts';
import { SparkBuilder } from '../spark-builder.ts';
import { TallyBoard } from '../tally-board.ts';
import { FigureParts, ofHost, STATE } from './figure-parts.ts';
import { asFigureRow } from './figure-row.ts';

interface HostApp {
  readonly vps: string;
  readonly app: string;
}

/** What a row of `own` has beside its columns. */
function detailsOf(kind: FigureKind): string {
  return `(SELECT data FROM ${FIGURE_TABLES[kind].table}_details AS beside WHERE beside.id = own.id)`;
}

export class EmbeddedFigures implements FigureReader {
  readonly #db: DatabaseSync;
  readonly #parts: FigureParts;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#parts = new FigureParts(db);
  }

  hosts({ checksFromMs, details }: HostsQuestion): HostsAnswer {
    return {
      metrics: this.#newest('metrics', details),
      checks: this.#newest('checks', false),
      // Of a group with max(), SQLite takes the other columns from the row that has it. Left to itself it walks the index of
      // hosts, which has the order of the groups, and so reads all there is.
      results: this.#rows(
        'checks',
        `SELECT max(at), vps_name, app_name, ${columnsOf('checks')}, data
         FROM health_checks INDEXED BY health_checks_by_time LEFT JOIN health_checks_details USING (id) WHERE at >= ? GROUP BY vps_name, app_name, url LIMIT ${MAX_RECENT_RESULTS}`,
        checksFromMs,
      ),
    };
  }

  #newest(kind: FigureKind, withDetails: boolean): FigureRow[] {
    return this.#apps(kind).flatMap(({ vps, app }) => this.#newestOf(kind, withDetails, vps, app));
  }

  /**
   * Every app of every host, or of one, from one to the next by the index: what lies between is never read. In two steps, since SQLite
   * finds `(vps_name, app_name) > (?, ?)` by the first of the two alone and reads all rows of the host.
   */
  #apps(kind: FigureKind, onlyVps?: string): HostApp[] {
    const columns = `SELECT vps_name AS vps, app_name AS app FROM ${FIGURE_TABLES[kind].table}`;
    const nextApp = this.#prepared(`${columns} WHERE vps_name = ? AND app_name > ? ORDER BY app_name LIMIT 1`);
    const nextHost = this.#prepared(`${columns} WHERE vps_name > ? ORDER BY vps_name, app_name LIMIT 1`);
    const found: HostApp[] = [];
    // No name is empty, so that this is before all of them.
    let place: HostApp = { vps: onlyVps ?? '', app: '' };
    while (found.length < MAX_HOST_ROWS) {
      const next = (nextApp.get(place.vps, place.app) ??
        (onlyVps === undefined ? nextHost.get(place.vps) : undefined)) as HostApp | undefined;
      if (next === undefined) break;
      place = next;
      found.push(next);
    }
    return found;
  }

  trails({ last, moments, maxAgeMs }: TrailsQuestion): TrailsAnswer {
    const ofApp = (details: string, condition: string) =>
      `SELECT at, vps_name, app_name, ${columnsOf('metrics')}, ${details} FROM vps_metrics AS own
       WHERE vps_name = ? AND app_name = ? ${condition} ORDER BY at DESC, id DESC LIMIT ?`;
    const recent = ofApp('NULL', '');
    const earlier = ofApp(detailsOf('metrics'), 'AND at <= ? AND at >= ?');
    return {
      trails: this.#apps('metrics').map(({ vps, app }) => ({
        vps,
        app,
        recent: this.#rows('metrics', recent, vps, app, last),
        earlier: moments.map((at) => this.#rows('metrics', earlier, vps, app, at, at - maxAgeMs, 1)[0] ?? null),
      })),
    };
  }

  #newestOf(kind: FigureKind, withDetails: boolean, vps: string, app: string): FigureRow[] {
    const sql = `SELECT at, vps_name, app_name, ${columnsOf(kind)}, ${withDetails ? detailsOf(kind) : 'NULL'}
      FROM ${FIGURE_TABLES[kind].table} AS own WHERE vps_name = ? AND app_name = ? ORDER BY at DESC, id DESC LIMIT 1`;
    return this.#rows(kind, sql, vps, app);
  }

  points({ vps, fromMs, maxPoints }: PointsQuestion): RowsAnswer {
    const rows = this.#rows(
      'metrics',
      `${ofHost('metrics', columnsOf('metrics'))}
       SELECT at, vps_name, app_name, ${columnsOf('metrics')}, NULL FROM (
         SELECT *, row_number() OVER (PARTITION BY app_name ORDER BY at DESC, id DESC) - 1 AS place, count(*) OVER () AS total
         FROM own
       ) WHERE place % max(1, (total + ?4 - 1) / ?4) = 0 ORDER BY at, id`,
      vps,
      fromMs,
      Number.MAX_SAFE_INTEGER,
      maxPoints,
    );
    return { rows };
  }

  results({ vps, fromMs, limit, details }: ResultsQuestion): RowsAnswer {
    const rows = this.#rows(
      'checks',
      `${ofHost('checks', columnsOf('checks'))}
       SELECT at, vps_name, app_name, ${columnsOf('checks')}, ${details ? detailsOf('checks') : 'NULL'} FROM own ORDER BY at DESC, id DESC LIMIT ?4`,
      vps,
      fromMs,
      Number.MAX_SAFE_INTEGER,
      limit,
    );
    return { rows };
  }

  sparks(question: SparksQuestion): SparksAnswer {
    const { fromMs, stepMs } = question;
    const sparks = new SparkBuilder(question);
    const source = widestWithin(fromMs, stepMs, this.#parts.floors('metrics'));
    for (const subject of this.#subjects(`WHERE ${IS_HOST}`)) {
      for (const [startMs, { series }] of this.#parts.read(subject, source, fromMs, Number.MAX_SAFE_INTEGER))
        sparks.add(subject.vps, startMs, series[CPU_PERCENT], series[MEMORY_PERCENT]);
    }
    return sparks.finish();
  }

  tallies({ fromMs, lastResults }: TalliesQuestion): TalliesAnswer {
    const board = new TallyBoard(lastResults);
    const checks = this.#subjects(`WHERE NOT (${IS_HOST})`);
    for (const check of checks) {
      for (const section of sectionsFrom(fromMs)) {
        for (const [, { counts }] of this.#parts.read(check, section.source, section.fromMs, section.toMs))
          for (const [place, state] of CHECK_STATES.entries()) board.count(check.vps, state, counts[place] ?? 0);
      }
    }
    const newest = this.#prepared(
      `SELECT at, ${STATE} AS state FROM health_checks WHERE vps_name = ? AND app_name = ? ORDER BY at DESC, id DESC LIMIT ?`,
    );
    for (const [vps, apps] of Map.groupBy(this.#apps('checks'), (each) => each.vps)) {
      type Result = { readonly at: number; readonly state: number };
      const results = apps.flatMap(({ app }) => newest.all(vps, app, lastResults) as unknown as Result[]);
      for (const { state } of results.sort((a, b) => b.at - a.at)) board.last(vps, CHECK_STATES[state]!);
    }
    return board.finish();
  }

  history({ vps, fromMs, toMs, points }: SeriesQuestion): HostHistory {
    const { stepMs, source } = shownAs(fromMs, (toMs - fromMs) / points, this.#parts.floors('metrics'));
    const startMs = bucketStart(fromMs, stepMs);
    const endMs = Math.ceil(toMs / stepMs) * stepMs;
    const read = (subject: KnownSubject) => inSteps(this.#parts.read(subject, source, startMs, endMs), stepMs);
    const subjects = this.#subjects('WHERE vps_name = ?', vps);
    const host = subjects.find(isHost);
    const checks = subjects.filter((subject) => !isHost(subject)).slice(0, MAX_HOST_CHECKS);
    const apps = this.#apps('metrics', vps).map(({ app }) => app);
    const newest = apps.flatMap((app) => this.#newestOf('metrics', true, vps, app));
    const before = (timeMs: number, limit: number) =>
      this.#reports(vps, apps, '< ? ORDER BY at DESC LIMIT ?', timeMs, limit).sort((a, b) => b - a);
    const after = this.#reports(vps, apps, '>= ? ORDER BY at LIMIT 1', endMs);
    return {
      stepMs,
      buckets: host === undefined ? [] : read(host),
      checks: checks.map((check) => ({ url: check.url, name: check.name, app: check.app, buckets: read(check) })),
      newest: newest.toSorted((a, b) => b.timeMs - a.timeMs)[0],
      newestMs: before(Number.MAX_SAFE_INTEGER, NEWEST_REPORTS).slice(0, NEWEST_REPORTS),
      beforeMs: before(startMs, 1)[0],
      afterMs: after.sort((a, b) => a - b)[0],
    };
  }

  /** Times of reports of each app. */
  #reports(vps: string, apps: readonly string[], where: string, ...values: readonly number[]): number[] {
    const statement = this.#prepared(`SELECT at FROM vps_metrics WHERE vps_name = ? AND app_name = ? AND at ${where}`);
    return apps.flatMap((app) =>
      (statement.all(vps, app, ...values) as unknown as { at: number }[]).map(({ at }) => at),
    );
  }

  /** Hosts and checks that have buckets. */
  #subjects(where: string, ...values: readonly string[]): KnownSubject[] {
    const sql = `SELECT id, vps_name AS vps, app_name AS app, url, name FROM figure_subjects ${where} LIMIT ${MAX_SUBJECTS}`;
    return this.#prepared(sql).all(...values) as unknown as KnownSubject[];
  }

  /** Each once, there are some dozen: statements hold memory outside the heap, which is slow to go. */
  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #rows(kind: FigureKind, sql: string, ...values: readonly SQLInputValue[]): FigureRow[] {
    const statement = this.#prepared(sql);
    statement.setReturnArrays(true);
    return (statement.all(...values) as unknown as unknown[][]).map((row) => asFigureRow(kind, row));
  }
}
