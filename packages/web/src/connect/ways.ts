/** What can be connected today, and what to type for it. Pure: the page fills in the address of its hub. */

interface WayParts {
  readonly name: string;
  readonly hint: string;
  readonly title: string;
  readonly text: string;
  readonly sends: readonly string[];
  readonly may: readonly string[];
  readonly waiting: string;
  readonly noneYet: string;
}

/** A way for lines: what is to be typed is known beforehand. */
export interface WayOfLines extends WayParts {
  readonly id: 'fly' | 'http' | 'file';
  readonly steps: (hub: HubAddress) => readonly Step[];
  /** Name of the source in `GET /status` whose events tell that it works. */
  readonly source: 'fly' | 'http';
}

/** A way for hosts: the hub makes the command, with a token of its own for each. */
export interface WayOfHosts extends WayParts {
  readonly id: 'vps';
}

export type Way = WayOfLines | WayOfHosts;

export interface Step {
  readonly title: string;
  readonly code: string;
  readonly note?: string;
}

export interface HubAddress {
  readonly origin: string;
  /** Whether programs have to bring a token. */
  readonly authRequired: boolean;
}

/** The shell's own variable: no page needs to know the token, and no history of a shell gets it. */
const TOKEN_HEADER = `-H "Authorization: Bearer $INGEST_TOKEN"`;

const TOKEN_STEP: Step = {
  title: 'Have the token at hand',
  code: 'read -rs INGEST_TOKEN && export INGEST_TOKEN',
  note: 'Paste the hub’s INGEST_TOKEN, which may only write; it is not shown. Without one, AUTH_TOKEN works too.',
};

/** A POST to the ingest route; `labels` fill in what lines do not say themselves. */
function curl({ origin, authRequired }: HubAddress, labels: string, ...options: readonly string[]): string {
  const address = `curl "${origin}/ingest/logs${labels}"`;
  return [address, ...(authRequired ? [TOKEN_HEADER] : []), ...options].join(' \\\n  ');
}

const LABELS = '?app=shop&host=$(hostname)';

export const WAYS: readonly Way[] = [
  {
    id: 'fly',
    name: 'Fly.io apps',
    hint: 'Every app, without a change to it',
    title: 'Watch an organization on Fly.io',
    text: 'The hub listens on Fly’s log bus, which has the lines of every app of the organization. It has to run on Fly itself: the bus is reached over the private network.',
    steps: () => [
      {
        title: 'Choose the organization',
        code: 'fly orgs list\nORG=your-org',
        note: 'The raw slug, as the list shows it. The alias “personal” does not work.',
      },
      {
        title: 'Give the hub a token that may only read',
        code: 'fly secrets set FLY_ORG="$ORG" FLY_APP="*" \\\n  ACCESS_TOKEN="$(fly tokens create readonly "$ORG")"',
        note: 'In the folder of the hub’s fly.toml. The hub restarts, and connects by itself.',
      },
    ],
    sends: ['Lines of all apps, or of those in FLY_APP', 'What Fly’s proxy, runner and health checks say'],
    may: ['Read logs of this organization', 'Change nothing: the token is read-only'],
    source: 'fly',
    waiting: 'Waiting for the bus',
    noneYet: 'A refused token and a bus that cannot be reached are said under Status.',
  },
  {
    id: 'vps',
    name: 'A VPS',
    hint: 'Host figures, health checks and its logs',
    title: 'Watch a VPS',
    text: 'An agent on the host takes its figures, runs health checks and follows log files. While the hub is away it keeps what it has, and sends everything once when the hub is back.',
    sends: [
      'CPU, memory, disk, load and network, every minute',
      'Health checks that you configure',
      'New lines of the files that you name, within a second',
    ],
    may: [
      'It reads, it sends, and nothing else; no port is opened',
      'Its token may write, not read, and is taken back with one click',
      'The hub can never run anything on a host',
    ],
    waiting: 'Waiting for the first report',
    noneYet: 'Nothing after 2 min? “sudo obs-agent status” on the host says why.',
  },
  {
    id: 'http',
    name: 'An app, over HTTP',
    hint: 'curl, Node, or any language',
    title: 'Send lines from an app',
    text: 'One POST takes a line or thousands: JSON, NDJSON or plain text, packed or not. The answer comes when they would survive a crash of the hub.',
    steps: (hub) => [
      ...(hub.authRequired ? [TOKEN_STEP] : []),
      {
        title: 'Try it with curl',
        code: curl(
          hub,
          '',
          `-H "Content-Type: application/json"`,
          `-d '{"app":"shop","level":"info","message":"hello from curl"}'`,
        ),
      },
      {
        title: 'Send from Node',
        code: nodeExample(hub),
        note: 'As an ES module, on Node 18 or later; nothing to install.',
      },
    ],
    sends: ['What the app posts, and nothing else', 'Levels and fields of pino, bunyan and winston are understood'],
    may: ['INGEST_TOKEN may write lines, not read them', 'A Batch-Id header makes a retry harmless'],
    source: 'http',
    waiting: 'Waiting for the first line',
    noneYet: 'Nothing yet? The answer to the POST says what was wrong with it.',
  },
  {
    id: 'file',
    name: 'A file or a pipe',
    hint: 'A log file, or what a command prints',
    title: 'Send a file or the output of a command',
    text: 'Each line becomes an event; JSON lines keep their fields. The parameters name the app and host of lines that do not say it themselves.',
    steps: (hub) => [
      ...(hub.authRequired ? [TOKEN_STEP] : []),
      {
        title: 'Send a file as it is',
        code: curl(hub, LABELS, '--data-binary @app.log'),
        note: 'Up to 64 MB at once.',
      },
      {
        title: 'Follow it from then on',
        code: followExample(hub),
        note: 'A request a line: enough for some dozens a second. It ends with the shell, and tries nothing twice.',
      },
    ],
    sends: ['The lines of this file or command, and nothing else'],
    may: ['INGEST_TOKEN may write lines, not read them', 'It opens no port on the host'],
    source: 'http',
    waiting: 'Waiting for the first line',
    noneYet: 'Nothing yet? curl prints what the hub answers.',
  },
];

function nodeExample({ origin, authRequired }: HubAddress): string {
  return [
    `await fetch('${origin}/ingest/logs', {`,
    `  method: 'POST',`,
    `  headers: {`,
    `    'Content-Type': 'application/json',`,
    ...(authRequired ? ["    Authorization: 'Bearer ' + process.env.INGEST_TOKEN,"] : []),
    `  },`,
    `  body: JSON.stringify([{ app: 'shop', level: 'warn', message: 'hello from Node' }]),`,
    `});`,
  ].join('\n');
}

function followExample(hub: HubAddress): string {
  const post = curl(hub, LABELS, '-sS --data-binary @-');
  return [
    'tail -n 0 -F app.log | while IFS= read -r line; do',
    `  printf '%s\\n' "$line" | ${post.replaceAll('\n', '\n  ')}`,
    'done',
  ].join('\n');
}
