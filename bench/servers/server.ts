// What every server under the bench offers, whatever it is.

/** A running server: its process for CPU and memory, and the end of it. */
export interface Server {
  pid: number;
  stop(): Promise<void>;
}
