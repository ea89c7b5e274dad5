import type { PatternsOptions } from '@flywatch/client';

/** What `--sort` takes. */
export const PATTERN_ORDERS = ['count', 'change'] as const satisfies readonly PatternsOptions['sort'][];
