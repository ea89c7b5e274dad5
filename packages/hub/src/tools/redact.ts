/**
 * Masks what must not leave the machine: tokens, keys, passwords, cards. What is masked reads `[masked token]`, so that a model knows that
 * something was there. By looks alone: it errs on the side of masking, and cannot know a secret that looks like a word.
 *
 * Each expression consumes a bounded or unambiguous run from a fixed beginning on, so that a line of any kind takes linear time.
 */

interface Rule {
  readonly pattern: RegExp;
  readonly replace: string | ((...found: string[]) => string);
}

/** Names of what is secret, as they stand before `=` or `:` in lines, JSON, headers and query strings. */
const SECRET_NAMES = [
  ...[
    'password',
    'passwd',
    'passphrase',
    'pwd',
    'secret',
    'token',
    'apikey',
    'api[_-]key',
    'access[_-]?key',
    'private[_-]?key',
  ],
  ...[
    'client[_-]?secret',
    'authorization',
    'credentials?',
    'session[_-]?id',
    'sid',
    'cookie',
    'set-cookie',
    'signature',
    'sig',
    'otp',
  ],
].join('|');

const MASKS: readonly Rule[] = [
  // A key as PEM has it, on one line or with its line ends written out; where it is cut off, up to the end.
  {
    pattern: /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g,
    replace: '[masked private key]',
  },
  // JSON Web Tokens: three parts of base64url, the first two of which are objects.
  { pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g, replace: '[masked token]' },
  // Tokens that say what they are: OpenAI and OpenRouter, GitHub, GitLab, Slack, npm, AWS, Google, Stripe, SendGrid, Hugging Face,
  // DigitalOcean, Fly, and this hub's own.
  {
    pattern:
      /\b(?:sk-[\w-]{16,}|sk_(?:live|test)_\w{8,}|rk_(?:live|test)_\w{8,}|whsec_\w{8,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{12,}|xox[abeprs]-[\w-]{8,}|npm_\w{20,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|hf_\w{20,}|dop_v1_\w{20,}|fm[12]r?_[\w+/=-]{12,}|fwa_[\w-]{8,})/g,
    replace: '[masked token]',
  },
  { pattern: /\b(Bearer|Basic|FlyV1) {1,4}[\w.~+/=,-]{6,}/gi, replace: '$1 [masked token]' },
  // A password in an address.
  { pattern: /\b([a-z][\w+.-]{1,20}:\/\/[^\s:/@]{0,128}):[^\s@/]{1,256}@/gi, replace: '$1:[masked]@' },
  {
    pattern: new RegExp(
      `((?:^|[^A-Za-z])(?:[\\w.-]{0,40}[_.-])?(?:${SECRET_NAMES})(?:\\\\?["'])?[ ]{0,3}[:=][ ]{0,3}(?:\\\\?["'])?)(?!\\[masked)([^\\s"'\\\\,;&{}\\[\\]]{3,})`,
      'gi',
    ),
    replace: '$1[masked]',
  },
  // "auth: refused" is a message; "auth=9f8a7b6c" is a secret.
  { pattern: /\b(auth["']?[ ]{0,3}[:=][ ]{0,3}["']?)(?=[^\s"',;&]{0,40}\d)([^\s"',;&]{6,})/gi, replace: '$1[masked]' },
  { pattern: /\b\d(?:[ -]?\d){12,18}\b/g, replace: (digits) => (isCard(digits) ? '[masked card]' : digits) },
];

const E_MAIL: Rule = {
  pattern: /\b[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\b/g,
  replace: '[masked e-mail]',
};

/** What is masked: secrets, nothing, or secrets and e-mail addresses. The spelling of `CHAT_REDACT`. */
export type Redaction = 'true' | 'false' | 'email';

/** Masks a text, or leaves it. */
export type Mask = (text: string) => string;

export function createMask(redaction: Redaction): Mask {
  if (redaction === 'false') return (text) => text;
  return (text) => redact(text, { emails: redaction === 'email' });
}

export interface RedactOptions {
  /** Whether e-mail addresses are masked too. */
  readonly emails: boolean;
}

export function redact(text: string, { emails }: RedactOptions): string {
  const masks = emails ? [...MASKS, E_MAIL] : MASKS;
  // The overloads of `replace` know strings and functions apart.
  return masks.reduce(
    (masked, { pattern, replace }) =>
      typeof replace === 'string' ? masked.replace(pattern, replace) : masked.replace(pattern, replace),
    text,
  );
}

/** First digits of the issuers, and how long their numbers are. Times in milliseconds begin with a 1, as no card does. */
const ISSUERS =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12,15})$/;

/** Whether digits are a card's: issuer, number, and the check sum of Luhn. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (!ISSUERS.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
