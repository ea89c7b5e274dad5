import { expect, test } from 'vitest';
import * as core from './index.ts';
import { formatEventId, parseDuration, parseEventId, parseLevelValue, parseLogfmt, stripAnsi } from './index.ts';

test('ids sort as text in the order of their positions and parse back', () => {
  const positions = [1, 35, 36, 1_795_171_020_123_456, Number.MAX_SAFE_INTEGER];
  const ids = positions.map((position) => formatEventId(position, 'ab12z'));
  expect([...ids].sort()).toEqual(ids);
  expect(ids.map((id) => parseEventId(id))).toEqual(positions.map((position) => ({ position, hub: 'ab12z' })));
});

test.each(['', '1', '00000000001', '00000000001-AB12Z', 'zzzzzzzzzzz-ab12z', '00000000001-ab12z ', '1732000000000-0'])(
  '%j is no id',
  (text) => {
    expect(parseEventId(text)).toBeUndefined();
  },
);

test.each([
  ['warning', 'warn'],
  ['ERR', 'error'],
  [' Error ', 'error'],
  ['notice', 'info'],
  ['critical', 'fatal'],
  ['50', 'error'],
  [35, 'info'],
  [10, 'trace'],
  [60, 'fatal'],
  [9, undefined],
  [70, undefined],
  ['', undefined],
  ['loud', undefined],
  [null, undefined],
])('the level value %s is %s', (value, level) => {
  expect(parseLevelValue(value)).toBe(level);
});

test.each([
  ['500ms', 500],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['7d', 604_800_000],
  ['1.5s', 1500],
  ['15', undefined],
  ['m', undefined],
  ['-5m', undefined],
  ['1y', undefined],
])('the duration %s is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test('logfmt pairs are found in prose too, with their types', () => {
  expect({
    ...parseLogfmt('done status=200 ok=true dur=12ms msg="a \\"b\\"" id=007 empty= sink{kind="x" n=-1.5}'),
  }).toEqual({
    status: 200,
    ok: true,
    dur: '12ms',
    msg: 'a "b"',
    id: '007',
    empty: '',
    kind: 'x',
    n: -1.5,
  });
});

test.each(['', 'no pairs', 'a == b', '= x', 'GET /x?a=1&b=2', '1a=2', '"open=1'])('%j has no pairs', (line) => {
  expect(parseLogfmt(line)).toBeUndefined();
});

test('a line of many pairs is read up to the bound', () => {
  const line = Array.from({ length: 100_000 }, (_, i) => `k${i}=${i}`).join(' ');
  expect(Object.keys(parseLogfmt(line) ?? {})).toHaveLength(128);
});

test('ANSI sequences go, the text stays', () => {
  expect(stripAnsi('\x1b[38;5;3m[Router]\x1b[39m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x1b(Bdone')).toBe(
    '[Router] link done',
  );
  const plain = 'nothing here';
  expect(stripAnsi(plain)).toBe(plain);
});

test('the public names of the package', () => {
  expect(Object.keys(core).sort()).toEqual([
    'Backoff',
    'EARLIEST_TIME_MS',
    'ExactTexts',
    'FORMATS',
    'FieldCatalogue',
    'FilterSyntaxError',
    'HUB_ANSWER_MAX_BYTES',
    'LEVELS',
    'LIST_PARAMETERS',
    'LOGCORE_LEVELS',
    'LOG_ROW_COLUMNS',
    'LogEvent',
    'MAX_AHEAD_MS',
    'MAX_FILTER_LENGTH',
    'MAX_LABEL_CHARS',
    'Normalizer',
    'ParameterError',
    'PatternMiner',
    'STAND_IN',
    'STRUCTURED_LEVELS',
    'UNIT_STATES',
    'WILDCARD',
    'compileFilter',
    'compileSelection',
    'copyValue',
    'createFieldLookup',
    'cutToBytes',
    'formatEventId',
    'formatFilter',
    'formatTimeMs',
    'fractionDigits',
    'inspectMessage',
    'isAbsurdTime',
    'isLeapSecond',
    'isObject',
    'joinEnvelope',
    'judgeHubAnswer',
    'label',
    'levelFromNumber',
    'levelOfStructure',
    'levelOfText',
    'levelRank',
    'lineForm',
    'logRow',
    'microsText',
    'nearestName',
    'own',
    'parseCanonicalTime',
    'parseDuration',
    'parseEventId',
    'parseFilter',
    'parseFlatEvent',
    'parseLevel',
    'parseLevelValue',
    'parseLogfmt',
    'parseMoment',
    'parseSelection',
    'parseStructure',
    'parseTime',
    'printStructure',
    'readAnswerBody',
    'renderEvent',
    'renderFlat',
    'sourceOfStructure',
    'sqlJson',
    'sqlText',
    'stripAnsi',
    'toFlatEvent',
    'tokenizeFilter',
  ]);
});
