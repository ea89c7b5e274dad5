/**
 * Event ids: `00kq3v0x9f2-h7c2d`, the event's position in eleven base-36 digits, then the tag of the hub that gave it.
 *
 * Positions only grow (the hub sees to that, across crashes too) and have a fixed width, so that ids of one hub sort as
 * text in the order of arrival. The tag tells an id of another hub from one of ours. Positions stay below 2^53, hence
 * exact in a JavaScript number and in SQLite's INTEGER.
 */

/** Base-36 digits of a position: 36^11 is beyond 2^53. */
const POSITION_DIGITS = 11;

const EVENT_ID = /^([0-9a-z]{11})-([0-9a-z]{5})$/;

export interface EventId {
  /** Position in the hub's order of arrival; a positive integer below 2^53. */
  readonly position: number;
  /** Five base-36 characters that name the hub. */
  readonly hub: string;
}

export function formatEventId(position: number, hub: string): string {
  return `${position.toString(36).padStart(POSITION_DIGITS, '0')}-${hub}`;
}

/** The parts of an event id, or undefined when the text is none. */
export function parseEventId(text: string): EventId | undefined {
  const match = EVENT_ID.exec(text);
  if (match === null) return undefined;
  const position = Number.parseInt(match[1]!, 36);
  return Number.isSafeInteger(position) ? { position, hub: match[2]! } : undefined;
}
