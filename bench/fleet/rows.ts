// Rows as agents send them: figures that wander, with all that an agent measures on a small host beside the columns.

import { FIGURE_TABLES, type FigureKind, type FigureRow } from '../../packages/hub/src/store/figures.ts';

/** What `flywatch agent --dry-run` printed on a host of two cores: 1.8 KB of JSON. */
function figures(cpu: number, at: number) {
  const pressure = {
    some: { avg10: cpu / 20, avg60: cpu / 30, avg300: cpu / 40 },
    full: { avg10: 0, avg60: 0, avg300: 0 },
  };
  const traffic = {
    rx_bytes: 1000 * cpu,
    rx_packets: 12,
    rx_errors: 0,
    rx_dropped: 0,
    tx_bytes: 400 * cpu,
    tx_packets: 9,
    tx_errors: 0,
    tx_dropped: 0,
  };
  const processes = Array.from({ length: 5 }, (_, i) => ({
    pid: 800 + i * 37,
    name: `worker-${i}`,
    memory_bytes: 9e7 - i * 1e7,
  }));
  return {
    cpu: {
      percent: cpu,
      cores: 2,
      user_percent: cpu * 0.7,
      system_percent: cpu * 0.3,
      iowait_percent: cpu / 50,
      steal_percent: 0,
      per_core: [cpu, cpu],
    },
    memory: {
      total_bytes: 8e9,
      used_bytes: 3e9 + cpu * 1e6,
      percent: 40,
      swap_total_bytes: 2e9,
      swap_used_bytes: 1e8,
      oom_kills: 0,
    },
    pressure: { cpu: pressure, memory: pressure, io: pressure },
    disks: [
      {
        mount: '/',
        type: 'ext4',
        source: '/dev/vda',
        read_only: false,
        total_bytes: 8e10,
        used_bytes: 4.9e10,
        available_bytes: 3e10,
        percent: 61,
        inodes_percent: 12,
        io: {
          read_bytes_per_second: 100 * cpu,
          written_bytes_per_second: 900 * cpu,
          reads_per_second: 3,
          writes_per_second: 9,
          await_ms: 0.8,
          busy_percent: 2,
        },
      },
    ],
    network: { total: traffic, interfaces: [{ name: 'eth0', ...traffic }], tcp_in_use: 40, tcp_time_wait: 12 },
    load: { avg1m: cpu / 50, avg5m: cpu / 60, avg15m: cpu / 70 },
    uptime: { seconds: Math.floor(at / 1000) % 1e7 },
    processes: {
      count: 140,
      threads: 300,
      running: 1,
      blocked: 0,
      zombies: 0,
      top_cpu: processes.map(({ pid, name }) => ({ pid, name, cpu_percent: cpu / 5 })),
      top_memory: processes,
    },
    units: { failed: [] },
  };
}

/** Up and down by day, and a little by minute. */
function cpuOf(host: number, timeMs: number): number {
  const day = Math.sin(timeMs / 13_750_987 + host);
  const minute = Math.sin(timeMs / 97_003 + host * 7);
  return Math.round((45 + 30 * day + 8 * minute) * 100) / 100;
}

export function metricsRow(host: number, timeMs: number): FigureRow {
  const cpu = cpuOf(host, timeMs);
  return {
    timeMs,
    vps: `vps-${host}`,
    app: 'shop',
    values: [cpu, 40 + cpu / 20, 3000 + cpu, 61.2, 48.7, cpu / 50, cpu / 60, cpu / 70],
    // As long as the longest distance of rows that are filled in, so that none of it counts as an outage.
    details: JSON.stringify({ interval_seconds: 900, figures: figures(cpu, timeMs) }),
  };
}

export function checkRow(host: number, check: number, timeMs: number): FigureRow {
  const ms = 20 + cpuOf(host + check, timeMs);
  const isDown = Math.floor(timeMs / 60_000) % 5000 === host;
  const state = isDown ? 'down' : ms > 95 ? 'degraded' : 'up';
  const url = `https://vps-${host}.example.com/health/${check}`;
  return {
    timeMs,
    vps: `vps-${host}`,
    app: 'shop',
    values: [url, isDown ? null : 200, isDown ? null : ms, !isDown, isDown ? 'connection refused' : null],
    details: JSON.stringify({
      name: `check ${check}`,
      state,
      error_kind: null,
      attempts: 1,
      certificate_days: 60,
      dns_ms: 1.2,
      connect_ms: 8.5,
      tls_ms: 11.3,
      first_byte_ms: ms / 2,
    }),
  };
}

/** A row as it travels. */
export function asSent(kind: FigureKind, { timeMs, vps, app, values, details }: FigureRow): object {
  const columns = FIGURE_TABLES[kind].columns.map(([name], i) => [name, values[i]]);
  const named = {
    timestamp: new Date(timeMs).toISOString(),
    vps_name: vps,
    app_name: app,
    ...Object.fromEntries(columns),
  };
  return { ...named, ...(details === null ? {} : (JSON.parse(details) as object)) };
}
