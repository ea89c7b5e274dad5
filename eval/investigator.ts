/**
 * Without a key: a model by script that looks at what an engineer would look at and then says so. It understands nothing; what it shows is that the
 * loop works and that what it is told holds what has happened.
 */

import type { Script } from '../test/support/scripted-model.ts';

export const investigate: Script = (request) => {
  const rounds = request.body.messages.filter(({ role }) => role === 'assistant').length;
  if (rounds === 0)
    return {
      calls: [
        ['count_logs', { from: '2h', level: 'warn' }],
        ['get_patterns', { from: '30m', baseline: '1h' }],
        ['get_hosts', {}],
      ],
    };
  if (rounds === 1)
    return {
      calls: [
        ['search_logs', { from: '2h', level: 'warn', limit: 30 }],
        ['search_logs', { from: '2h', query: 'level:fatal or release', limit: 10 }],
        ['get_host_metrics', { host: 'vps-1' }],
      ],
    };
  const id = /#([0-9a-z]{11}-[0-9a-z]{5})/.exec(request.text)?.[1];
  return { text: id === undefined ? 'There was nothing to cite.' : `I have looked at #${id} and what is around it.` };
};
