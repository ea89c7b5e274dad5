/** What the hub says of hosts that have a token: answers of `/agents` and, of it, `/api/fleet/summary`. */

export interface EnrolledAgent {
  readonly id: string;
  /** Null where the host goes by its own host name. */
  readonly name: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export interface AgentList {
  readonly agents: readonly EnrolledAgent[];
}

/** Answer of `POST /agents`, which this page always gives a name. */
export interface MadeCommand {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly command: string;
  /** Whether the command fetches the agent as one file. */
  readonly single_file: boolean;
}

/** A row of `/api/fleet/summary`: an app on a host. */
export interface HostReport {
  readonly vps_name: string;
  readonly last_seen: string;
  readonly cpu_percent: number | null;
  readonly memory_percent: number | null;
  readonly disk_percent: number | null;
}

/** The newest report of a host; undefined where it has never reported. Rows come newest first. */
export function newestReport(rows: readonly HostReport[], host: string): HostReport | undefined {
  return rows.find(({ vps_name }) => vps_name === host);
}
