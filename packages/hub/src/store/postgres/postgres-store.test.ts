import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresContract } from '../figures.contract.ts';
import { storeContract } from '../store.contract.ts';
import { PostgresStore } from './postgres-store.ts';
import { storeOptions, useStores } from './store-place.fixture.ts';

const places = useStores();

storeContract('the store in PostgreSQL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
  const url = await places.server.createDatabase();
  return {
    open: async () => new PostgresStore(storeOptions(url, folder)),
    remove: () => rm(folder, { recursive: true }),
  };
});

figuresContract(
  'the store in PostgreSQL',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flywatch-store-'));
    const url = await places.server.createDatabase();
    return {
      open: async () => new PostgresStore(storeOptions(url, folder)),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  true,
);
