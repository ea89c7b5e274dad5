import { fileURLToPath } from 'node:url';

/** Where `npm run build:agent` puts the agent as one file, for the hub to hand it to hosts. The published package has none. */
export const AGENT_FOLDER = fileURLToPath(new URL('../../agent/dist/', import.meta.url));
