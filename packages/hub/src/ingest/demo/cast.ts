/**
 * Who speaks in the demo: the apps of a small shop and the machines that they run on. The cast is fixed, whatever the
 * seed, so that what the docs and the help texts say of it (`app:shop-api`) is true on every screen.
 */

/** A Fly machine. */
export interface Instance {
  /** The `fly` part of its envelopes. */
  readonly fly: { readonly app: { readonly instance: string; readonly name: string }; readonly region: string };
  readonly app: string;
  /** Machine id: 14 hexadecimal digits. */
  readonly id: string;
  readonly region: string;
  /** Physical host: four hexadecimal digits. */
  readonly host: string;
  /** Process id of the program that runs on it. */
  readonly pid: number;
}

/** nginx and the page renderer. One machine a region, since it is what visitors talk to. */
export const WEB = [
  machine('shop-web', '4d891d77b05118', 'fra', 'f442', 317),
  machine('shop-web', '918577c2ae4083', 'iad', '7b1e', 317),
  machine('shop-web', '148e21b3d907f4', 'syd', 'c09a', 319),
] as const;

/** The API: Node, pino. */
export const API = [
  machine('shop-api', '7811ee20f5d498', 'fra', 'f442', 314),
  machine('shop-api', 'e286510fb16538', 'fra', '51d3', 314),
  machine('shop-api', '3d8d96e7a02589', 'iad', '7b1e', 316),
] as const;

/** The workers: Python, logcore. They sit beside the database. */
export const WORKERS = [
  machine('shop-worker', '6e82d4e6a37548', 'fra', '51d3', 678),
  machine('shop-worker', '3287ce41c63d85', 'fra', 'a81c', 681),
] as const;

/** Postgres: the primary in fra, a replica in iad. */
export const DB_PRIMARY = machine('shop-db', '6e824d1eb19187', 'fra', 'a81c', 412);
export const DB_REPLICA = machine('shop-db', '90804e2c9d5687', 'iad', '2e6f', 409);

/** They take in the database's WAL, one at a time. The story begins when the host of the one dies, and ends on the other. */
export const BACKUPS = [
  machine('shop-backup', 'd8d9035a2e7718', 'fra', 'e3b7', 290),
  machine('shop-backup', '1781d6f5b30e89', 'fra', '6c2a', 288),
] as const;

/** Fly's remote builder, which speaks when something is deployed. */
export const BUILDER = machine('fly-builder-quiet-harbour-4711', '2860d47c91e638', 'fra', '0f5d', 611);

function machine(app: string, id: string, region: string, host: string, pid: number): Instance {
  return {
    fly: Object.freeze({ app: Object.freeze({ instance: id, name: app }), region }),
    app,
    id,
    region,
    host,
    pid,
  };
}
