/** Network by interface, and all that leaves or enters the machine together. */

import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';
import { KeyedRates } from './rates.ts';

/** A host with more is a router; the totals still have all of them. */
const MAX_INTERFACES = 64;

const COUNTERS = [
  'rxBytes',
  'rxPackets',
  'rxErrors',
  'rxDropped',
  'txBytes',
  'txPackets',
  'txErrors',
  'txDropped',
] as const;

type Counter = (typeof COUNTERS)[number];

/** Each second. */
export type Traffic = Readonly<Record<Counter, number>>;

export interface NetworkFigures {
  readonly total: Traffic;
  readonly interfaces: readonly ({ readonly name: string } & Traffic)[];
  /** TCP sockets in use, and closed ones that wait for late packets. */
  readonly tcpInUse: number | undefined;
  readonly tcpTimeWait: number | undefined;
}

/** Ends of tunnels between containers, bridges and the like: what passes them is counted where it leaves the machine. */
const INNER = /^(?:lo$|veth|docker|br-|virbr|cni|flannel|cali|vnet|tap|ifb|dummy|bonding_masters|lxc|lxdbr|podman)/;

/** `/proc/net/dev`. */
export function parseNetDev(text: string): ReadonlyMap<string, Traffic> {
  const found = new Map<string, Traffic>();
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon === -1) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/ +/)
      .map(Number);
    const [rxBytes = 0, rxPackets = 0, rxErrors = 0, rxDropped = 0] = fields;
    const [txBytes = 0, txPackets = 0, txErrors = 0, txDropped = 0] = fields.slice(8);
    found.set(line.slice(0, colon).trim(), {
      rxBytes,
      rxPackets,
      rxErrors,
      rxDropped,
      txBytes,
      txPackets,
      txErrors,
      txDropped,
    });
  }
  return found;
}

export class NetworkCollector implements Collector<NetworkFigures> {
  readonly #files: HostFiles;
  readonly #rates = new KeyedRates<Counter>();

  constructor(files: HostFiles) {
    this.#files = files;
  }

  collect(nowMs: number): NetworkFigures | undefined {
    const text = this.#files.read('/proc/net/dev');
    if (text === undefined) return undefined;
    const counters = new Map([...parseNetDev(text)].filter(([name]) => !INNER.test(name)));
    const rateOf = this.#rates.update(counters, nowMs);
    const interfaces = [...counters.keys()].flatMap((name) => {
      const rates = rateOf(name);
      return rates === undefined ? [] : [{ name, ...rates }];
    });
    if (interfaces.length === 0) return undefined;
    const total = Object.fromEntries(
      COUNTERS.map((counter) => [counter, interfaces.reduce((sum, one) => sum + one[counter], 0)]),
    ) as Record<Counter, number>;
    const sockets = /^TCP: inuse (\d+) orphan \d+ tw (\d+)/m.exec(this.#files.read('/proc/net/sockstat') ?? '');
    return {
      total,
      interfaces: interfaces.slice(0, MAX_INTERFACES),
      tcpInUse: sockets === null ? undefined : Number(sockets[1]),
      tcpTimeWait: sockets === null ? undefined : Number(sockets[2]),
    };
  }
}
