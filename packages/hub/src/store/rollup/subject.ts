/** Whose buckets they are: a host's, where there is neither app nor url, or those of a check on it. */
export interface Subject {
  readonly vps: string;
  readonly app: string;
  readonly url: string;
}

/** As a condition of SQL, which is the same in both stores. Checks have an app always; their url may be anything. */
export const IS_HOST = "app_name = '' AND url = ''";

export function isHost({ app, url }: Pick<Subject, 'app' | 'url'>): boolean {
  return app === '' && url === '';
}

/** One that has buckets. */
export interface KnownSubject extends Subject {
  readonly id: number;
  /** What a check is called. */
  readonly name: string | null;
}
