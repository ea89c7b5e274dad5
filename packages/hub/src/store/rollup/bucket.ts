/**
 * What a span of time comes to: how many reports, each series' least, most, sum and count, and the longest silence. Buckets join to
 * wider ones without loss, whatever of their parts is there.
 *
 * Packed: a figure that was reported once takes four bytes and one more, else thirteen; a report a minute makes some 80 bytes.
 */

import { ByteReader, ByteWriter } from '../format/byte-writer.ts';
import { bucketStart } from './tiers.ts';

export interface Aggregate {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

export interface Bucket {
  /** Of a host: reports. Of a check: results that were up, degraded and down. */
  readonly counts: readonly number[];
  /** By place in the table of series; undefined where nothing was said. */
  readonly series: readonly (Aggregate | undefined)[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** The longest time without a report between the first and the last. */
  readonly silence: Silence;
}

/** A bucket and when it begins. */
export type TimedBucket = readonly [startMs: number, bucket: Bucket];

export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A single report. */
export function bucketOf(timeMs: number, counts: readonly number[], values: readonly (number | undefined)[]): Bucket {
  return {
    counts,
    series: values.map((value) => (value === undefined ? undefined : { min: value, max: value, sum: value, count: 1 })),
    firstMs: timeMs,
    lastMs: timeMs,
    silence: { fromMs: timeMs, toMs: timeMs },
  };
}

/** Parts as one; undefined where there are none. They have to come in the order of time. */
export function joinBuckets(parts: readonly Bucket[]): Bucket | undefined {
  const [first, ...rest] = parts;
  if (first === undefined || rest.length === 0) return first;
  const counts = [...first.counts];
  const series = [...first.series];
  let { lastMs, silence } = first;
  for (const next of rest) {
    next.counts.forEach((count, i) => {
      counts[i] = (counts[i] ?? 0) + count;
    });
    next.series.forEach((aggregate, i) => {
      if (aggregate !== undefined) series[i] = joined(series[i], aggregate);
    });
    for (const other of [{ fromMs: lastMs, toMs: next.firstMs }, next.silence])
      if (other.toMs - other.fromMs > silence.toMs - silence.fromMs) silence = other;
    lastMs = Math.max(lastMs, next.lastMs);
  }
  return { counts, series, firstMs: first.firstMs, lastMs, silence };
}

/** Parts of any width as buckets of one, ascending as they come. */
export function inSteps(parts: readonly TimedBucket[], stepMs: number): TimedBucket[] {
  const steps = Map.groupBy(parts, ([startMs]) => bucketStart(startMs, stepMs));
  return [...steps].map(([startMs, own]) => [startMs, joinBuckets(own.map(([, bucket]) => bucket))!]);
}

function joined(a: Aggregate | undefined, b: Aggregate): Aggregate {
  if (a === undefined) return b;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), sum: a.sum + b.sum, count: a.count + b.count };
}

/** As it is told; null where nothing was said. */
export function meanOf(aggregate: Pick<Aggregate, 'sum' | 'count'> | undefined): number | null {
  return aggregate === undefined || aggregate.count === 0 ? null : told(aggregate.sum / aggregate.count);
}

/** Two decimals say all that such figures know. */
export function told(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Figures have seven digits here, which is more than anybody measures of them. */
const FLOAT_BYTES = 4;
const float = new DataView(new ArrayBuffer(FLOAT_BYTES));
const floatBytes = new Uint8Array(float.buffer);

export function packBucket({ counts, series, firstMs, lastMs, silence }: Bucket, atMs: number): Uint8Array {
  const writer = new ByteWriter(256);
  const write = (value: number) => {
    float.setFloat32(0, value, true);
    writer.append(floatBytes);
  };
  for (const ms of [firstMs, lastMs, silence.fromMs, silence.toMs]) writer.varint(ms - atMs);
  writer.varint(counts.length);
  for (const count of counts) writer.varint(count);
  writer.varint(series.length);
  for (const aggregate of series) {
    writer.varint(aggregate?.count ?? 0);
    if (aggregate === undefined) continue;
    write(aggregate.sum / aggregate.count);
    if (aggregate.count === 1) continue;
    write(aggregate.min);
    write(aggregate.max);
  }
  return writer.view();
}

export function unpackBucket(bytes: Uint8Array, atMs: number): Bucket {
  const reader = new ByteReader(bytes);
  const time = () => atMs + reader.varint();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = () => {
    const value = view.getFloat32(reader.at, true);
    reader.at += FLOAT_BYTES;
    return value;
  };
  const [firstMs, lastMs, fromMs, toMs] = [time(), time(), time(), time()];
  const counts: number[] = [];
  for (let left = reader.varint(); left > 0; left--) counts.push(reader.varint());
  const series: (Aggregate | undefined)[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const count = reader.varint();
    if (count === 0) {
      series.push(undefined);
      continue;
    }
    const mean = read();
    const [min, max] = count === 1 ? [mean, mean] : [read(), read()];
    series.push({ min, max, sum: mean * count, count });
  }
  return { counts, series, firstMs, lastMs, silence: { fromMs, toMs } };
}

/** Values of one report, as a row keeps those that have no column. */
export function packValues(values: readonly (number | undefined)[]): Uint8Array {
  return packBucket(bucketOf(0, [], values), 0);
}

export function unpackValues(bytes: Uint8Array): (number | undefined)[] {
  return unpackBucket(bytes, 0).series.map((aggregate) => aggregate?.sum);
}
