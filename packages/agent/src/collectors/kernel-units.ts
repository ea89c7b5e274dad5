/** Units in which the kernel counts, which differ between machines: pages of 4, 16 or 64 KB, ticks a second. */

import { readFileSync } from 'node:fs';

export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** Keys of the auxiliary vector that the kernel hands to every process (getauxval(3)). */
const PAGE_SIZE = 6n;
const CLOCK_TICKS = 17n;

/** As nearly every machine has them. */
const USUAL: KernelUnits = { pageBytes: 4096, ticksPerSecond: 100 };

/** From what the kernel has told this very process; where that cannot be read, the usual ones. */
export function readKernelUnits(): KernelUnits {
  let vector: Buffer;
  try {
    vector = readFileSync('/proc/self/auxv');
  } catch {
    return USUAL;
  }
  const values = new Map<bigint, number>();
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    values.set(vector.readBigUInt64LE(at), Number(vector.readBigUInt64LE(at + 8)));
  }
  return {
    pageBytes: values.get(PAGE_SIZE) ?? USUAL.pageBytes,
    ticksPerSecond: values.get(CLOCK_TICKS) ?? USUAL.ticksPerSecond,
  };
}
