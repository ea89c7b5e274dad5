import { expect, test } from 'vitest';
import { decodeRelayMessage, encodeRelayMessage } from './relay-message.ts';

const message = {
  ...{ hub: 'a1b2c', run: 1_795_000_000_000_123, sent: 4_503_599_627_370_496, count: 500, keptInDatabase: true },
  batch: Uint8Array.of(1, 2, 3),
};

test('a message comes back as it was', () => {
  const decoded = decodeRelayMessage(encodeRelayMessage(message));
  expect({ ...decoded, batch: [...decoded.batch] }).toEqual({ ...message, batch: [1, 2, 3] });
});

test('what is no message is refused at every length', () => {
  const bytes = encodeRelayMessage({ ...message, batch: new Uint8Array() });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeRelayMessage(bytes.subarray(0, length))).toThrow(RangeError);
  }
  expect(() => decodeRelayMessage(new Uint8Array(64))).toThrow(RangeError);
});
