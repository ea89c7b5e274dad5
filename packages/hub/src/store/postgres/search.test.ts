/** Searches whose conditions in SQL could leave something out: the rows of the store are those that live filters let pass. */

import { compileSelection, type EventInit, parseSelection, parseStructure } from '@flywatch/core';
import { expect, test } from 'vitest';
import { linearRegexes } from '../../linear-regex.ts';
import { makeEvent } from '../made-event.fixture.ts';
import { page, readAll } from '../store.contract.ts';
import { nextPosition, shipped, useStores } from './store-place.fixture.ts';

const { setup } = useStores();

const LINES: readonly (string | Partial<EventInit>)[] = [
  'The server refused.The client -42 gave up at 1.5e3 example.com/path?a=b',
  'worker_3 took blk_-1608 of 10.0.0.7 in 12ms',
  'er\u001b[0mror in colours',
  '20 \u212aelvin and \u0130stanbul, gr\u00f6\u00dfe2',
  'nul\0inside refused',
  'half \ud800 refused',
  '100% of a_b and a\\b',
  `${'long '.repeat(50_000)}tail_of_it`,
  { message: '{"path":"\\/api\\/v1","note":"a\\nfresh start","n":1e3,"k":"\\u0052efused"}' },
  { message: '{"nested":{"Deep":["Alpha-7","beta"]},"null":null,"ok":true}' },
  { message: 'own structure', structure: { request_id: 'r-7919', note: 'er\u001b[0mror' } },
  { message: 'request_id=r-7919 user="signed in\\tat once" count=1000' },
  { message: 'with extras', extras: { _time: 'received', _time_given: 'Yesterday Noon' } },
];

const QUERIES = [
  ...[
    'refused',
    'client',
    '42',
    '1608',
    'blk',
    'worker_3',
    'worker',
    'com',
    'path',
    '1.5e3',
    'error',
    '0mror',
    'kelvin',
  ],
  ...[
    'istanbul',
    'gr',
    'e2',
    'gr\u00f6\u00dfe2',
    'tail_of_it',
    'fresh',
    'api',
    'alpha',
    'null',
    'true',
    '100',
    'a_b',
    'nul',
    'inside',
  ],
  ...[
    '"refused.The"',
    '"rror in"',
    '"20 kelvin"',
    '"istanbul"',
    '"100%"',
    '"a_b"',
    '"a\\\\b"',
    '"nul"',
    '"LONG TAIL"',
    '*elvi*',
  ],
  ...['*tanbul*', 'refu*', '*fused', '*ail_of_i*', '"nul\\u0000"'],
  ...[
    'note:"fresh start"',
    'path:"/api/v1"',
    'k:refused',
    'k:"efuse"',
    'k:*efuse*',
    'n:1000',
    'n:"1000"',
    'nested.Deep:"alpha-7"',
  ],
  ...[
    'nested.Deep:*lpha*',
    'note:"error"',
    'note:error',
    'request_id:"r-7919"',
    'request_id:*919',
    'user:"in\\tat"',
    'user:signed',
  ],
  ...[
    'count:>999',
    '_time_given:"yesterday noon"',
    '_time_given:*oon*',
    'ok:true',
    'ok:"tru"',
    'null:*',
    '-refused',
    '-"refused" or kelvin',
  ],
  ...['"refused" "client"', '"refused" or fresh', 'message:"own struct"', 'message:*wn*'],
];

test('every search finds in the database what live filters let pass', async () => {
  const { open } = await setup();
  const store = open();
  const events = LINES.map((line) => {
    const init = typeof line === 'string' ? { message: line } : line;
    const inMessage = init.structure === undefined ? parseStructure(init.message!) : undefined;
    return makeEvent(nextPosition(), {
      ...init,
      ...(inMessage === undefined ? undefined : { structure: inMessage, structureInMessage: true }),
    });
  });
  for (const event of events) store.append(event);
  await shipped(store);
  for (const q of QUERIES) {
    const { matches } = compileSelection(parseSelection({ q }), { regex: linearRegexes() });
    const expected = events.filter(matches).map(({ id }) => id);
    const found = await readAll(store, page({ q }, { order: 'asc' }));
    expect(found.sort(), q).toEqual(expected.sort());
  }
});
