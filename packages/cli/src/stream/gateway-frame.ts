/** Frames of the gateway inside an app (docs/logger.md), as items of a stream. */

import type { TailItem } from '@flywatch/client';
import { type Fields, type FlatEvent, parseLevelValue, parseTime } from '@flywatch/core';

export type GatewayFrame = TailItem | { readonly type: 'pong' } | undefined;

/** What a frame says; undefined where it says nothing that is known here. */
export function parseFrame(text: string): GatewayFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not a frame of a gateway: the stream goes on.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const frame = value as Fields;
  if (frame.type === 'pong') return { type: 'pong' };
  if (frame.type === 'gap') {
    const count = typeof frame.count === 'number' ? frame.count : null;
    const reason = typeof frame.reason === 'string' ? frame.reason : 'lagged';
    return { type: 'gap', from: null, to: null, count, reason, details: frame };
  }
  const event = frame.type === undefined ? toEvent(frame) : undefined;
  return event === undefined ? undefined : { type: 'event', event };
}

function toEvent({ id, timestamp, level, source, message, meta }: Fields): FlatEvent | undefined {
  const time = parseTime(timestamp);
  if (time === undefined || typeof message !== 'string') return undefined;
  const fields = typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? (meta as Fields) : undefined;
  const { instance, region, ...others } = fields ?? {};
  return {
    id: typeof id === 'string' ? id : '',
    time: time.text,
    receivedAt: time.text,
    level: parseLevelValue(level) ?? 'info',
    message,
    ...(typeof source === 'string' ? { source } : undefined),
    ...(typeof instance === 'string' ? { instance } : undefined),
    ...(typeof region === 'string' ? { region } : undefined),
    ...(Object.keys(others).length === 0 ? undefined : { fields: others }),
  };
}
