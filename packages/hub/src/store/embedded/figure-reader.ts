/** The reading side of figures and checks in the store's file. */

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { checkState } from '../check-state.ts';
import {
  columnsOf,
  FIGURE_TABLES,
  type FigureKind,
  type FigureReader,
  type FigureRow,
  type FigureValue,
  type HostsAnswer,
  type HostsQuestion,
  MAX_HOST_ROWS,
  MAX_RECENT_RESULTS,
  type PointsQuestion,
  type ResultsQuestion,
  type RowsAnswer,
  type SparksAnswer,
  type SparksQuestion,
  type TalliesAnswer,
  type TalliesQuestion,
  type TrailsAnswer,
  type TrailsQuestion,
} from '../figures.ts';
import { SparkBuilder, sumOf } from '../spark-builder.ts';
import { TallyBoard } from '../tally-board.ts';

/**
 * Rows of a host since a time, by the index of host, app and time: app by app, so that what is older is never read. `?1` is the
 * host and `?2` the time. CROSS JOIN keeps SQLite from turning the two around.
 */
function ofHost(kind: FigureKind, columns: string): string {
  const { table } = FIGURE_TABLES[kind];
  return `WITH RECURSIVE apps (app) AS (
      SELECT min(app_name) FROM ${table} WHERE vps_name = ?1
      UNION ALL
      SELECT (SELECT min(app_name) FROM ${table} WHERE vps_name = ?1 AND app_name > app) FROM apps WHERE app IS NOT NULL
    ), own AS (
      SELECT id, at, vps_name, app_name, ${columns} FROM apps CROSS JOIN ${table}
      WHERE vps_name = ?1 AND app_name = app AND at >= ?2
    )`;
}

export class EmbeddedFigures implements FigureReader {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  hosts({ checksFromMs, details }: HostsQuestion): HostsAnswer {
    return {
      metrics: this.#newest('metrics', details),
      checks: this.#newest('checks', false),
      // Of a group with max(), SQLite takes the other columns from the row that has it. Left to itself it walks the index of
      // hosts, which has the order of the groups, and so reads all there is.
      results: this.#rows(
        'checks',
        `SELECT max(at), vps_name, app_name, ${columnsOf('checks')}, details
         FROM health_checks INDEXED BY health_checks_by_time WHERE at >= ? GROUP BY vps_name, app_name, url LIMIT ${MAX_RECENT_RESULTS}`,
        checksFromMs,
      ),
    };
  }

  #newest(kind: FigureKind, withDetails: boolean): FigureRow[] {
    const { table } = FIGURE_TABLES[kind];
    const newest = `SELECT at, vps_name, app_name, ${columnsOf(kind)}, ${withDetails ? 'details' : 'NULL'} FROM ${table}
      WHERE vps_name = ? AND app_name = ? ORDER BY at DESC, id DESC LIMIT 1`;
    return this.#apps(kind).flatMap(({ vps, app }) => this.#rows(kind, newest, vps, app));
  }

  /** From one app of a host to the next by the index: what lies between is never read. */
  #apps(kind: FigureKind): { vps: string; app: string }[] {
    const next = this.#db.prepare(
      `SELECT vps_name AS vps, app_name AS app FROM ${FIGURE_TABLES[kind].table} WHERE (vps_name, app_name) > (?, ?)
       ORDER BY vps_name, app_name LIMIT 1`,
    );
    const apps: { vps: string; app: string }[] = [];
    // No name is empty, so that this is before all of them.
    let place = { vps: '', app: '' };
    while (apps.length < MAX_HOST_ROWS) {
      const found = next.get(place.vps, place.app) as { vps: string; app: string } | undefined;
      if (found === undefined) break;
      place = found;
      apps.push(place);
    }
    return apps;
  }

  trails({ last, moments, maxAgeMs }: TrailsQuestion): TrailsAnswer {
    const ofApp = (details: string, condition: string) =>
      `SELECT at, vps_name, app_name, ${columnsOf('metrics')}, ${details} FROM vps_metrics
       WHERE vps_name = ? AND app_name = ? ${condition} ORDER BY at DESC, id DESC LIMIT ?`;
    const recent = ofApp('NULL', '');
    const earlier = ofApp('details', 'AND at <= ? AND at >= ?');
    return {
      trails: this.#apps('metrics').map(({ vps, app }) => ({
        vps,
        app,
        recent: this.#rows('metrics', recent, vps, app, last),
        earlier: moments.map((at) => this.#rows('metrics', earlier, vps, app, at, at - maxAgeMs, 1)[0] ?? null),
      })),
    };
  }

  points({ vps, fromMs, maxPoints }: PointsQuestion): RowsAnswer {
    const rows = this.#rows(
      'metrics',
      `${ofHost('metrics', columnsOf('metrics'))}
       SELECT at, vps_name, app_name, ${columnsOf('metrics')}, NULL FROM (
         SELECT *, row_number() OVER (PARTITION BY app_name ORDER BY at DESC, id DESC) - 1 AS place, count(*) OVER () AS total
         FROM own
       ) WHERE place % max(1, (total + ?3 - 1) / ?3) = 0 ORDER BY at, id`,
      vps,
      fromMs,
      maxPoints,
    );
    return { rows };
  }

  results({ vps, fromMs, limit, details }: ResultsQuestion): RowsAnswer {
    const rows = this.#rows(
      'checks',
      `${ofHost('checks', `${columnsOf('checks')}, ${details ? 'details' : 'NULL AS details'}`)}
       SELECT at, vps_name, app_name, ${columnsOf('checks')}, details FROM own ORDER BY at DESC, id DESC LIMIT ?3`,
      vps,
      fromMs,
      limit,
    );
    return { rows };
  }

  sparks(question: SparksQuestion): SparksAnswer {
    const sparks = new SparkBuilder(question);
    for (const { vps, timeMs, values } of this.#rows(
      'metrics',
      `SELECT at, vps_name, app_name, ${columnsOf('metrics')}, NULL FROM vps_metrics WHERE at >= ?`,
      question.fromMs,
    ))
      sparks.add(vps, timeMs, sumOf(values[0]), sumOf(values[1]));
    return sparks.finish();
  }

  tallies({ fromMs, lastResults }: TalliesQuestion): TalliesAnswer {
    const board = new TallyBoard(lastResults);
    const all = `SELECT at, vps_name, app_name, ${columnsOf('checks')}, details FROM health_checks`;
    for (const row of this.#rows('checks', `${all} WHERE at >= ?`, fromMs)) board.count(row.vps, checkState(row));
    for (const vps of this.#hostsOf('checks')) {
      for (const row of this.results({ kind: 'results', vps, fromMs: 0, limit: lastResults, details: true }).rows)
        board.last(vps, checkState(row));
    }
    return board.finish();
  }

  #hostsOf(kind: FigureKind): string[] {
    const { table } = FIGURE_TABLES[kind];
    const sql = `WITH RECURSIVE hosts (name) AS (
        SELECT min(vps_name) FROM ${table}
        UNION ALL
        SELECT (SELECT min(vps_name) FROM ${table} WHERE vps_name > name) FROM hosts WHERE name IS NOT NULL
      ) SELECT name FROM hosts WHERE name IS NOT NULL LIMIT ${MAX_HOST_ROWS}`;
    return (this.#db.prepare(sql).all() as { name: string }[]).map(({ name }) => name);
  }

  #rows(kind: FigureKind, sql: string, ...values: readonly SQLInputValue[]): FigureRow[] {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    const { columns } = FIGURE_TABLES[kind];
    return (statement.all(...values) as unknown as unknown[][]).map(([timeMs, vps, app, ...rest]) => {
      const details = rest.pop() as Uint8Array | null;
      return {
        timeMs: timeMs as number,
        vps: vps as string,
        app: app as string,
        values: rest.map((value, i) => (columns[i]?.[1] === 'boolean' ? value === 1 : (value as FigureValue))),
        details: details === null ? null : zstdDecompressSync(details).toString(),
      };
    });
  }
}
