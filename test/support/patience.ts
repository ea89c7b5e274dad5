/** How long a test waits for what it does not claim to be quick: on a machine that is busy otherwise an event may take its time. */
export const PATIENCE_MS = 30_000;
