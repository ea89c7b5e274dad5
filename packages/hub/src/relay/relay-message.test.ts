import { expect, test } from 'vitest';
import { decodeRelayMessage, encodeRelayMessage } from './relay-message.ts';

const RUN = 1_795_000_000_000_123;

const message = {
  ...{ hub: 'a1b2c', run: RUN, sent: 4_503_599_627_370_496, count: 500, keptInDatabase: true },
  told: {
    ...{ since: RUN + 5, head: RUN + 505 },
    stretches: [
      { origin: 'a1b2c', first: RUN + 6, count: 500, run: RUN, sent: 4_503_599_627_370_496 },
      { origin: 'x9y8z', first: RUN + 5, count: 0, run: RUN - 7, sent: 12 },
    ],
  },
  batch: Uint8Array.of(1, 2, 3),
  kept: [{ id: 'agent/vps-1/shop/boot/1/0 ü', taken: 300 }],
};

test('a message comes back as it was', () => {
  const decoded = decodeRelayMessage(encodeRelayMessage(message));
  expect({ ...decoded, batch: [...decoded.batch] }).toEqual({ ...message, batch: [1, 2, 3] });
});

test('the events begin where their columns can be read in place', () => {
  expect(decodeRelayMessage(encodeRelayMessage(message)).batch.byteOffset % 8).toBe(0);
});

test('what is no message is refused at every length', () => {
  const bytes = encodeRelayMessage({ ...message, batch: new Uint8Array(), kept: [] });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeRelayMessage(bytes.subarray(0, length))).toThrow(RangeError);
  }
  expect(() => decodeRelayMessage(new Uint8Array(64))).toThrow('this is no message of a hub');
  const cut = encodeRelayMessage(message);
  cut[cut.length - 1] = 0;
  expect(() => decodeRelayMessage(cut)).toThrow('this is no message of a hub');
});

test('a message of another version is refused, with what to do', () => {
  const bytes = encodeRelayMessage(message);
  bytes[3] = '1'.charCodeAt(0);
  expect(() => decodeRelayMessage(bytes)).toThrow(/FWR1, expected FWR2.*update all hubs/);
});
