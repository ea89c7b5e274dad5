import * as agent from '@flywatch/agent';
import * as collectors from '@flywatch/agent/collectors';
import { expect, test } from 'vitest';

test('the public names of the package', () => {
  expect(Object.keys(agent).sort()).toEqual([
    'Agent',
    'AgentConfigError',
    'CHECK_OPTIONS',
    'CheckRunner',
    'HOST_CONFIG_FILE',
    'HostCollector',
    'HubDelivery',
    'JournalTail',
    'LogTail',
    'MONITORING_OPTIONS',
    'PostgresDelivery',
    'askStatus',
    'checkRow',
    'configFileOf',
    'createDelivery',
    'loadAgentConfig',
    'metricsRow',
    'possibleStateFolders',
    'runAgent',
    'stateFolder',
    'testTail',
  ]);
  expect(Object.keys(collectors).sort()).toEqual(['HostCollector', 'metricsRow']);
});
