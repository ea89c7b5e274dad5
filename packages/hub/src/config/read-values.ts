/** Readers of plain values: yes or no, numbers, sizes. */

/** Reads one value; throws an Error whose message says what was expected. */
export type Read<T> = (text: string) => T;

export function readBoolean(text: string): boolean {
  const value = text.trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  throw new Error('expected true or false');
}

export function readNumber(minimum: number, maximum: number): Read<number> {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) throw new Error(`expected a number from ${minimum} to ${maximum}`);
    return value;
  };
}

export function readWhole(minimum: number, maximum: number): Read<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum))
      throw new Error(`expected a whole number from ${minimum} to ${maximum}`);
    return value;
  };
}

/** Below, what is not packed yet would be most of the store. */
const MIN_STORE_BYTES = 16_000_000;

/** Bytes, with a unit if one is given: `900MB`, `1.5 GiB`. */
export function readBytes(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,3})?) ?(?:([kmgt])(i)?b?|b)?$/i.exec(text.trim());
  const power = match?.[2] === undefined ? 0 : 'kmgt'.indexOf(match[2].toLowerCase()) + 1;
  const bytes =
    match === null ? Number.NaN : Math.floor(Number(match[1]) * (match[3] === undefined ? 1000 : 1024) ** power);
  if (!(bytes >= MIN_STORE_BYTES)) throw new Error('expected a size of at least 16 MB, such as 900MB or 2GB');
  return bytes;
}
