import { MemorySnapshots } from './memory-snapshots.ts';
import { snapshotStorageContract } from './snapshot-storage.contract.ts';

snapshotStorageContract('MemorySnapshots', (bounds) => ({ storage: new MemorySnapshots(bounds) }));
