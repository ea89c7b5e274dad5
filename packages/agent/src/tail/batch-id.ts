/**
 * Ids under which a hub takes a batch once: the same for the same lines, and for no others. The hub keeps the last ones of each agent for
 * ever, by its name. The sum is for states that were restored from a backup: they count anew, with other lines, and these are no repeats.
 */

import { crc32 } from '#runtime/checksum';

/** @param made - what the batch was made of, in any form that is the same for the same lines */
export function batchId(agent: string, boot: string, seq: number, made: string): string {
  return `agent/${encodeURIComponent(agent)}/${boot}/${seq}/${crc32(made).toString(16)}`;
}
