import { expect, test } from 'vitest';
import { threadScript } from './thread-script.ts';

test('a thread has the ending of the module that starts it', () => {
  expect(threadScript('writer-thread', 'file:///checkout/src/client.ts').href).toBe(
    'file:///checkout/src/writer-thread.ts',
  );
  expect(threadScript('writer-thread', 'file:///a.b/esm/client.js').href).toBe('file:///a.b/esm/writer-thread.js');
});
