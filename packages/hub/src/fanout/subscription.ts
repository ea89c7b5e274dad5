/** What a reader asks of the fan-out, and what it holds of it. */

import type { Format } from '@flywatch/core';
import type { Filter, Start } from './begin.ts';
import type { Wire } from './frames.ts';
import type { ReaderOrigin } from './roster.ts';

/** What a reader wants to get. */
export interface Subscription extends Filter {
  readonly wire: Wire;
  readonly format: Format;
  /** Whether the `flat` form has the payload as it came. */
  readonly raw?: boolean;
  readonly control?: boolean;
  readonly notices?: boolean;
  readonly start: Start;
  /** Who it is for. */
  readonly origin?: ReaderOrigin | undefined;
}

/** A reader's handle for whoever owns its socket. */
export interface LiveReader {
  /** The socket takes bytes again. */
  drained(): void;
  /** The socket is gone. */
  closed(): void;
}
