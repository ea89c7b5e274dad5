/**
 * The tables of PostgreSQL, as steps from one version to the next: seed 003's `vps_metrics`, `health_checks` and
 * `log_entries`, with time zones, a partition a day, and what the hub needs beside. `fleet_hub/schema.sql` is the same for
 * `psql`; a test compares both.
 *
 * Two indexes are about words. The one on `to_tsvector('english', message)` is the seed's, for people who write SQL: it stems
 * and leaves out common words, so that a search of ours would miss lines in it. Nor would the `simple` configuration do, since
 * the parser takes `refused.The` for a host and `-42` for a number. `words` holds the hashes of what our filter language calls
 * words, as the filters of the embedded store do; its index finds every line that can match, and some that do not.
 */

/** Never changed, only added to: `flywatch_migrations` says how many were taken. */
export const MIGRATIONS: readonly string[] = [
  `
  -- Tables that Observ made have no time zones and no partitions: they step aside, and what they hold is taken over below.
  DO $$
  DECLARE name text;
  BEGIN
    FOREACH name IN ARRAY ARRAY['vps_metrics', 'health_checks', 'log_entries'] LOOP
      IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(name) AND relkind = 'r') THEN
        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, 'observ_' || name);
      END IF;
    END LOOP;
  END $$;

  CREATE TABLE vps_metrics (
    id bigserial,
    timestamp timestamptz NOT NULL DEFAULT now(),
    vps_name text NOT NULL,
    app_name text NOT NULL,
    cpu_percent double precision,
    memory_percent double precision,
    memory_mb double precision,
    disk_percent double precision,
    disk_gb double precision,
    load_avg_1m double precision,
    load_avg_5m double precision,
    load_avg_15m double precision,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT vps_metrics_key PRIMARY KEY (timestamp, id)
  ) PARTITION BY RANGE (timestamp);
  CREATE TABLE vps_metrics_default PARTITION OF vps_metrics DEFAULT;
  CREATE INDEX vps_metrics_by_host ON vps_metrics (vps_name, app_name, timestamp DESC);

  CREATE TABLE health_checks (
    id bigserial,
    timestamp timestamptz NOT NULL DEFAULT now(),
    vps_name text NOT NULL,
    app_name text NOT NULL,
    url text NOT NULL,
    status_code integer,
    response_time_ms double precision,
    success boolean NOT NULL,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT health_checks_key PRIMARY KEY (timestamp, id)
  ) PARTITION BY RANGE (timestamp);
  CREATE TABLE health_checks_default PARTITION OF health_checks DEFAULT;
  CREATE INDEX health_checks_by_host ON health_checks (vps_name, app_name, timestamp DESC);

  CREATE TABLE log_entries (
    id bigserial,
    -- To the microsecond; nanos has what is below it, and digits how many the source gave.
    timestamp timestamptz NOT NULL DEFAULT now(),
    -- The Fly instance, or the host.
    vps_name text,
    app_name text,
    level text NOT NULL DEFAULT 'INFO',
    message text NOT NULL DEFAULT '',
    context jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- From here on the hub's own: who inserts rows leaves these alone. A row without position is given one within seconds.
    hub text,
    position bigint,
    adopted boolean NOT NULL DEFAULT false,
    received_at timestamptz,
    nanos smallint NOT NULL DEFAULT 0,
    digits smallint NOT NULL DEFAULT 6,
    -- The level as a number: 0 trace, 1 debug, 2 info, 3 warn, 4 error, 5 fatal.
    rank smallint,
    instance text,
    host text,
    region text,
    provider text,
    source text,
    flags smallint NOT NULL DEFAULT 0,
    -- What is needed to give the event back as it came; see row-format.ts.
    structure text,
    extras text,
    raw_head text,
    raw text,
    time_text text,
    exact text,
    -- Hashes of the words of the line; 0 where they were not worked out, which makes the line one to look at always.
    words integer[] NOT NULL DEFAULT '{0}',
    CONSTRAINT log_entries_key PRIMARY KEY (timestamp, id)
  ) PARTITION BY RANGE (timestamp);
  CREATE TABLE log_entries_default PARTITION OF log_entries DEFAULT;
  CREATE INDEX log_entries_by_host ON log_entries (vps_name, app_name, timestamp DESC);
  CREATE INDEX log_entries_by_position ON log_entries (position, hub);
  -- What people look for most and what there is least of.
  CREATE INDEX log_entries_errors ON log_entries (timestamp, id) WHERE rank >= 4;
  CREATE INDEX log_entries_without_position ON log_entries (id) WHERE position IS NULL;
  CREATE INDEX log_entries_text ON log_entries USING gin (to_tsvector('english', message));
  CREATE INDEX log_entries_context ON log_entries USING gin (context);
  CREATE INDEX log_entries_words ON log_entries USING gin (words);

  DO $$
  BEGIN
    IF to_regclass('observ_vps_metrics') IS NOT NULL THEN
      INSERT INTO vps_metrics (timestamp, vps_name, app_name, cpu_percent, memory_percent, memory_mb, disk_percent, disk_gb,
          load_avg_1m, load_avg_5m, load_avg_15m)
        SELECT timestamp AT TIME ZONE 'UTC', vps_name, app_name, cpu_percent, memory_percent, memory_mb, disk_percent, disk_gb,
          load_avg_1m, load_avg_5m, load_avg_15m FROM observ_vps_metrics;
    END IF;
    IF to_regclass('observ_health_checks') IS NOT NULL THEN
      INSERT INTO health_checks (timestamp, vps_name, app_name, url, status_code, response_time_ms, success, error_message)
        SELECT timestamp AT TIME ZONE 'UTC', vps_name, app_name, url, status_code, response_time_ms, success, error_message
        FROM observ_health_checks;
    END IF;
    IF to_regclass('observ_log_entries') IS NOT NULL THEN
      INSERT INTO log_entries (timestamp, vps_name, app_name, level, message, context)
        SELECT timestamp AT TIME ZONE 'UTC', vps_name, app_name, coalesce(level, 'INFO'), coalesce(message, ''), context
        FROM observ_log_entries ORDER BY id;
    END IF;
  END $$;

  -- How far the spool of a hub has been taken over: moved in the transaction that inserts its rows, so that what was
  -- committed without the hub hearing of it is not inserted again.
  CREATE TABLE ingest_ledger (
    hub text NOT NULL,
    spool text NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (hub, spool)
  );
  -- Nothing of a hub up to this position is held any more: retention has taken it.
  CREATE TABLE retention_marks (hub text PRIMARY KEY, dropped_to bigint NOT NULL);
  `,
  `
  -- How far an agent that writes here itself has come in a file: moved in the transaction that inserts its lines. A unique
  -- key of a partitioned table would need the time.
  CREATE TABLE agent_ledger (
    agent text NOT NULL,
    file text NOT NULL,
    generation text NOT NULL,
    "offset" bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (agent, file, generation)
  );
  `,
  `
  -- What rows of figures and of checks have beside seed 003's columns.
  ALTER TABLE vps_metrics ADD COLUMN details jsonb;
  ALTER TABLE health_checks ADD COLUMN details jsonb;
  -- Batches of such rows that were taken, by the ids that their senders gave: saved in the transaction that inserts the rows.
  CREATE TABLE figure_batches (
    number bigserial PRIMARY KEY,
    id text NOT NULL UNIQUE,
    accepted integer NOT NULL,
    -- Name and ledger of the agent, whose last ids are kept.
    agent text,
    at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX figure_batches_by_agent ON figure_batches (agent, number);
  CREATE INDEX figure_batches_by_time ON figure_batches (at);
  `,
  `
  -- Curves of a row that have no column, packed, once its details are gone.
  ALTER TABLE vps_metrics ADD COLUMN others bytea;
  -- Whose buckets there are: hosts, which have neither app nor url here, and checks on them with their names.
  CREATE TABLE figure_subjects (
    id serial PRIMARY KEY,
    vps_name text NOT NULL,
    app_name text NOT NULL,
    url text NOT NULL,
    name text
  );
  -- An index does not take a long url.
  CREATE UNIQUE INDEX figure_subjects_key ON figure_subjects (vps_name, app_name, md5(url));
  CREATE TABLE figure_buckets (
    subject integer NOT NULL,
    -- 0: a minute, 1: 15 minutes, 2: an hour.
    tier smallint NOT NULL,
    -- Beginning, in milliseconds since 1970.
    at bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (subject, tier, at)
  );
  -- Spans whose rows have changed since they were put into buckets. Only added to and taken away: who comes while a mark is being
  -- worked off leaves another one.
  CREATE TABLE figure_marks (
    id bigserial PRIMARY KEY,
    vps_name text NOT NULL,
    app_name text NOT NULL,
    url text NOT NULL,
    name text,
    from_ms bigint NOT NULL,
    to_ms bigint NOT NULL
  );
  -- Up to where the details of old rows have been taken away.
  CREATE TABLE figure_progress (name text PRIMARY KEY, at timestamptz NOT NULL);

  -- Whoever inserts rows leaves marks, an agent that may do nothing else here too.
  CREATE FUNCTION flywatch_mark_metrics() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  BEGIN
    INSERT INTO figure_marks (vps_name, app_name, url, from_ms, to_ms)
      SELECT vps_name, '', '', minute * 60000, (minute + 1) * 60000
      FROM (SELECT DISTINCT vps_name, floor(extract(epoch FROM timestamp) / 60)::bigint AS minute FROM fresh) AS touched;
    RETURN NULL;
  END $$;
  CREATE TRIGGER flywatch_mark AFTER INSERT ON vps_metrics REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION flywatch_mark_metrics();
  CREATE FUNCTION flywatch_mark_checks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  BEGIN
    INSERT INTO figure_marks (vps_name, app_name, url, name, from_ms, to_ms)
      SELECT vps_name, app_name, url, name, minute * 60000, (minute + 1) * 60000
      FROM (SELECT vps_name, app_name, url, floor(extract(epoch FROM timestamp) / 60)::bigint AS minute, max(details->>'name') AS name
        FROM fresh GROUP BY 1, 2, 3, 4) AS touched;
    RETURN NULL;
  END $$;
  CREATE TRIGGER flywatch_mark AFTER INSERT ON health_checks REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION flywatch_mark_checks();

  -- Rows of before, an hour a mark.
  INSERT INTO figure_marks (vps_name, app_name, url, from_ms, to_ms)
    SELECT vps_name, '', '', hour * 3600000, (hour + 1) * 3600000
    FROM (SELECT DISTINCT vps_name, floor(extract(epoch FROM timestamp) / 3600)::bigint AS hour FROM vps_metrics) AS touched;
  INSERT INTO figure_marks (vps_name, app_name, url, name, from_ms, to_ms)
    SELECT vps_name, app_name, url, name, hour * 3600000, (hour + 1) * 3600000
    FROM (SELECT vps_name, app_name, url, floor(extract(epoch FROM timestamp) / 3600)::bigint AS hour, max(details->>'name') AS name
      FROM health_checks GROUP BY 1, 2, 3, 4) AS touched;
  `,
];

/** Tables that are cut into days. */
export const DAILY_TABLES = ['log_entries', 'vps_metrics', 'health_checks'] as const;

export type DailyTable = (typeof DAILY_TABLES)[number];
