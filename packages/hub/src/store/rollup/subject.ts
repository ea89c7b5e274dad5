/** Whose buckets they are: a host's, where there is neither app nor url, or those of a check on it. */
export interface Subject {
  readonly vps: string;
  readonly app: string;
  readonly url: string;
}

/** One that has buckets. */
export interface KnownSubject extends Subject {
  readonly id: number;
  /** What a check is called. */
  readonly name: string | null;
}
