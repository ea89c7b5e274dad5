/**
 * ANSI escape sequences: CSI (colours, cursor), OSC (titles, hyperlinks), DCS and friends, and two-character escapes,
 * as ECMA-48 lays them out. Each alternative consumes from ESC on without nested repetition, so stripping is linear.
 */
// biome-ignore format: one alternative a line
const ESCAPE = new RegExp(
  [
    '\\x1b\\[[0-?]*[ -/]*[@-~]',               // CSI … final byte
    '\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?', // OSC … BEL or ST, or cut off
    '\\x1b[PX^_][^\\x1b]*(?:\\x1b\\\\)?',       // DCS, SOS, PM, APC … ST
    '\\x1b[ -/]*[0-~]',                         // the rest: ESC, intermediates, one final byte
  ].join('|'),
  'g',
);

/** The text without ANSI escape sequences. The very same string where there is no ESC in it, which is the usual case. */
export function stripAnsi(text: string): string {
  return text.includes('\x1b') ? text.replace(ESCAPE, '') : text;
}
