/**
 * The walls: which package and which stage of the hub may know which. Every rule says what is odd about breaking it.
 * ARCHITECTURE.md has the same map in words. When a wall stands in the wrong place, move it here and there, in the open.
 */

/** Packages, and the packages that each may import. `core` is at the bottom; who is not listed is not built yet. */
const PACKAGES = {
  core: [],
  client: ['core'],
  logger: ['core'],
  agent: ['core'],
  hub: ['core', 'agent'],
  cli: ['core', 'client', 'agent', 'hub'],
  react: ['core', 'client'],
  web: ['core', 'client', 'react'],
};

const PACKAGE_REASONS = {
  core: 'core holds what every other package builds on; an import the other way makes a loop of the whole project.',
  client: 'The client runs in browsers: whatever it imports besides core is loaded by every page that shows a log.',
  logger: 'The logger lives in other people’s apps: it brings core along and nothing else of ours.',
  agent:
    'The agent runs on other people’s hosts and must not be felt there: it brings core along and nothing else of ours.',
  hub: 'The hub is what the others talk to, over the wire. It knows core, and of the agent the collectors, which watch its own host, and the connection to PostgreSQL, which both write to.',
  cli: 'Commands use client, agent and hub as they are; pages are none of their business.',
  react: 'The components show what the client reads, in any app; they know neither the dashboard nor the hub.',
  web: 'The dashboard is a client among others: what it cannot do over HTTP, nobody else could do either.',
};

/**
 * Folders of the hub in the order in which data flows, and the folders that each may import. A leaf imports none; its
 * neighbours hand it what it needs.
 */
const STAGES = {
  config: ['ingest', 'tools'],
  ingest: [],
  buffer: [],
  store: [],
  state: [],
  metrics: [],
  relay: [],
  auth: ['state'],
  fanout: ['buffer'],
  fleet: ['store'],
  query: ['buffer', 'store'],
  patterns: ['query'],
  snapshots: ['query', 'metrics', 'store'],
  alerts: ['query', 'fleet'],
  tools: ['query', 'patterns', 'fleet', 'snapshots', 'metrics'],
  chat: ['tools', 'state'],
  mcp: ['tools'],
  http: [
    'auth',
    'buffer',
    'fanout',
    'ingest',
    'metrics',
    'query',
    'store',
    'fleet',
    'patterns',
    'snapshots',
    'alerts',
    'tools',
    'chat',
    'mcp',
  ],
};

const STAGE_REASONS = {
  config:
    'Options are texts until they are read, with the bounds and words of what they set. What reaches further makes things out of them, and that is for hub.ts.',
  ingest:
    'A source only brings payloads and hands events to a function. One that reaches further decides for other sources too.',
  buffer: 'The ring holds events and knows nothing of who reads it; that is why a reader can cost it nothing.',
  store: 'The store takes batches and answers questions. Whoever it knew could keep it waiting.',
  state: 'The state is a file and its contents; what it means is known where it is used.',
  metrics: 'Metrics are gathered by the hub and handed in. A meter that reaches into a stage ties all stages together.',
  relay: 'The relay carries events between hubs; what they mean is none of its business.',
  auth: 'Who may do what does not depend on what there is to do. Sessions lie in the state.',
  fanout: 'The live path must not wait for disk or for a question: history is handed in as a contract.',
  fleet: 'Figures of hosts come from the store alone.',
  query: 'Questions are answered from ring and store, whoever asks.',
  patterns: 'Patterns are a question among others: they see what a query gives.',
  snapshots: 'A snapshot is made of what query, metrics and store say.',
  alerts: 'Rules judge what query and fleet answer.',
  tools: 'Tools are what chat and MCP may ask; they stand on the reading side alone.',
  chat: 'A model reaches data through the tools, so that their limits hold for it. What questions have used lies in the state.',
  mcp: 'MCP offers the tools and nothing else.',
  http: 'Routes sit on top: they may use the stages, and nobody uses them.',
};

const built = 'packages/[^/]+/src';
const anyOf = (names) => `(?:${names.join('|')})`;

const packageRules = Object.entries(PACKAGES).map(([name, allowed]) => ({
  name: `package-${name}`,
  severity: 'error',
  comment: PACKAGE_REASONS[name],
  from: { path: `^packages/${name}/` },
  to: { path: '^packages/', pathNot: `^packages/${anyOf([name, ...allowed])}/` },
}));

const stageRules = Object.entries(STAGES).map(([name, allowed]) => ({
  name: `hub-${name}`,
  severity: 'error',
  comment: STAGE_REASONS[name],
  from: { path: `^packages/hub/src/${name}/`, pathNot: '[.]test[.]ts$' },
  to: { path: '^packages/hub/src/[^/]+/', pathNot: `^packages/hub/src/${anyOf([name, ...allowed])}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...packageRules,
    ...stageRules,
    {
      name: 'known-package',
      severity: 'error',
      comment: 'A package without a row in the table above has no walls. Add the row first.',
      from: { path: '^packages/', pathNot: `^packages/${anyOf(Object.keys(PACKAGES))}/` },
      to: {},
    },
    {
      name: 'known-stage',
      severity: 'error',
      comment: 'A folder of the hub without a row in the table above has no walls. Add the row first.',
      from: { path: '^packages/hub/src/[^/]+/', pathNot: `^packages/hub/src/${anyOf(Object.keys(STAGES))}/` },
      to: {},
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment:
        'core runs in browsers, in agents and in other people’s apps: it does no I/O and needs nothing, not even Node.',
      from: { path: '^packages/core/src/', pathNot: '[.](?:test|bench|fixture)[.]ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'client-has-no-node',
      severity: 'error',
      comment: 'The client works in a browser as it does in Node, so it uses what both have.',
      from: { path: '^packages/client/src/', pathNot: '[.]test[.]ts$|/testing/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: '^packages/core/' },
    },
    {
      name: 'packages-by-name',
      severity: 'error',
      comment: 'Another package is reached by its name: what its index does not list may change without notice.',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'config-is-read-once',
      severity: 'error',
      comment:
        'Only the program reads the configuration; a stage that reads it cannot be made twice or tested with other values.',
      from: {
        path: '^packages/hub/src/',
        pathNot: '^packages/hub/src/(?:(?:main|hub|hub-[a-z]+|index|config)[.]ts$|config/)|[.]test[.]ts$',
      },
      to: { path: '^packages/hub/src/config(?:[.]ts$|/)' },
    },
    {
      name: 'program-is-on-top',
      severity: 'error',
      comment: 'main.ts and hub.ts put the stages together. A stage that imports them imports everything.',
      from: { path: '^packages/hub/src/[^/]+/', pathNot: '[.]test[.]ts$' },
      to: { path: '^packages/hub/src/(?:main|hub|hub-[a-z]+|index)[.]ts$' },
    },
    {
      name: 'commands-load-late',
      severity: 'error',
      comment:
        'A command loads hub, agent or client when it is called; imported at the top they slow down every other command.',
      from: { path: '^packages/cli/src/main[.]ts$' },
      to: { path: '^packages/(?:hub|agent|client)/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment:
        'Neither of two files that import each other can be understood, tested or loaded first. Types alone may, since they are gone at run time.',
      from: { path: built },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-test-code',
      severity: 'error',
      comment: 'What only tests need must not be loaded by users.',
      from: { path: built, pathNot: '[.](?:test|bench|fixture|contract)[.]ts$|/testing/' },
      to: { path: '[.](?:test|bench|fixture|contract)[.]ts$|/testing/' },
    },
    {
      name: 'declared',
      severity: 'error',
      comment: 'A module that package.json does not name is there by luck: another package happens to bring it.',
      from: { path: built, pathNot: '[.](?:test|bench|fixture|contract)[.]ts$|/testing/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere fails at run time, or hides a typing error.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
