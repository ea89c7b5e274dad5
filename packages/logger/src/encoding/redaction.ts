/**
 * What must not get into a log: values under names that say that they are secret, values at paths that the app names, and
 * texts that look like credentials wherever they stand.
 */

export interface RedactOptions {
  /**
   * Places in the context, from its top: `user.email`, `headers["x-key"]` as `headers.x-key`, `*` for any name and any
   * index of an array: `users.*.phone`.
   */
  readonly paths?: readonly string[];
  /** More names of keys that are secret at any depth, in any case, with or without `_` and `-`. */
  readonly keys?: readonly string[];
  /**
   * Whether texts are searched for credentials: bearer tokens, passwords in addresses, keys of well-known services.
   * @defaultValue true
   */
  readonly texts?: boolean;
}

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Names without case, `_` and `-`. */
const SECRET_NAMES = [
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'authtoken',
  'apikey',
  'xapikey',
  'privatekey',
  'secretkey',
  'secretaccesskey',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'sessionid',
  'creditcard',
  'cardnumber',
  'cvv',
  'cvc',
  'ssn',
];

/** A branch of the paths that were named; a value is secret where one ends. */
export interface PathNode {
  readonly next: Map<string, PathNode>;
  ends: boolean;
}

/** Text without any of these has no credential in it: one look instead of eight for nearly every text. */
const SUSPICIOUS = /[=@]|[eE][aA][rR][eE][rR] |[aA][sS][iI][cC] |lyV1 |fm2_|eyJ|sk-|gh[pousr]_|xox|AKIA|-----BEGIN/;

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|FlyV1) +[\w.~+/=,-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/gi, `$1:${REDACTED}@`],
  [
    /\b(password|passwd|pwd|secret|client_secret|token|access_token|refresh_token|id_token|api_?key)=[^\s&"',;]+/gi,
    `$1=${REDACTED}`,
  ],
  [/\bfm2_[\w+/=,-]{20,}/g, REDACTED],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?/g, REDACTED],
  [/\bsk-[\w-]{20,}/g, REDACTED],
  [/\bgh[pousr]_\w{30,}/g, REDACTED],
  [/\bxox[abprs]-[\w-]{10,}/g, REDACTED],
  [/\bAKIA[0-9A-Z]{16}\b/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

export class Redaction {
  /** Root of the paths, where there are any. */
  readonly paths: PathNode | undefined;
  readonly #names: ReadonlySet<string>;
  readonly #texts: boolean;

  /** @param options - `false`: nothing is redacted. */
  constructor(options: RedactOptions | false = {}) {
    const { paths = [], keys = [], texts = true } = options === false ? { texts: false } : options;
    this.#names = options === false ? new Set() : new Set([...SECRET_NAMES, ...keys.map(bareName)]);
    this.#texts = texts;
    this.paths = paths.length === 0 ? undefined : treeOf(paths);
  }

  /** Whether values under this name are secret, wherever it stands. */
  isSecretName(name: string): boolean {
    return this.#names.has(bareName(name));
  }

  /** The text without what looks like a credential. */
  clean(text: string): string {
    if (!this.#texts || text.length < 8 || !SUSPICIOUS.test(text)) return text;
    let cleaned = text;
    for (const [pattern, replacement] of CREDENTIALS) cleaned = cleaned.replace(pattern, replacement);
    return cleaned;
  }
}

/** The branches of several nodes that a key leads to. */
export function followPaths(nodes: readonly PathNode[], key: string): readonly PathNode[] {
  const found: PathNode[] = [];
  for (const { next } of nodes) {
    const named = next.get(key);
    if (named !== undefined) found.push(named);
    const any = next.get('*');
    if (any !== undefined) found.push(any);
  }
  return found;
}

function treeOf(paths: readonly string[]): PathNode {
  const root: PathNode = { next: new Map(), ends: false };
  for (const path of paths) {
    let node = root;
    for (const key of path.split('.')) {
      let next = node.next.get(key);
      if (next === undefined) {
        next = { next: new Map(), ends: false };
        node.next.set(key, next);
      }
      node = next;
    }
    node.ends = true;
  }
  return root;
}

function bareName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}
