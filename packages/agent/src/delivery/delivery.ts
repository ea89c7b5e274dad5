/** The way out of the agent, wherever it leads: what an output has to do, and what is told of it. */

import type { Output } from '../config/agent-config.ts';
import type { RowSink } from '../rows/row-sink.ts';
import type { LogSink } from '../tail/log-sink.ts';
import { HubDelivery } from './hub-delivery.ts';
import { PostgresDelivery } from './postgres/postgres-delivery.ts';
import type { WayState } from './way.ts';

export interface DeliveryStatus {
  readonly state: WayState;
  readonly detail: string | undefined;
  readonly lastAnswerMs: number | undefined;
  readonly posts: number;
  readonly retries: number;
  /** Bytes of what was sent, packed where it is. */
  readonly bytesSent: number;
  /** Lines that the other side takes in no form. */
  readonly linesRefused: number;
}

export interface Delivery extends LogSink, RowSink {
  readonly status: DeliveryStatus;
  close(): void;
}

export interface DeliveryContext {
  /** Told when the way breaks, and when it is mended. */
  readonly warn: (message: string) => void;
}

export function createDelivery(output: Output, { warn }: DeliveryContext): Delivery {
  return output.kind === 'hub'
    ? new HubDelivery({ settings: output, warn })
    : new PostgresDelivery({ url: output.url, warn });
}
