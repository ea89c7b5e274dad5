/** As much of Bun as the agent uses. Its own types change what `fetch` and `Buffer` are for every file of the project. */

export interface BunSocketHandlers {
  open?(socket: BunSocket): void;
  data?(socket: BunSocket, bytes: Buffer): void;
  /** The system has room again for what {@link BunSocket.write} did not take. */
  drain?(socket: BunSocket): void;
  /** The other side has said all it has to say. */
  end?(socket: BunSocket): void;
  close?(socket: BunSocket, error?: Error): void;
  error?(socket: BunSocket, error: Error): void;
  connectError?(socket: BunSocket, error: Error): void;
  /** `problem` says why the certificate is not trusted. */
  handshake?(socket: BunSocket, isDone: boolean, problem: Error | null): void;
}

export interface BunSocket {
  /** @returns the bytes that were taken */
  write(bytes: Uint8Array): number;
  end(): void;
  /** At once, without a word to the other side. */
  terminate(): void;
  setNoDelay(isSet: boolean): void;
  getPeerCertificate(): { readonly valid_to?: string } | undefined;
  upgradeTLS(options: { readonly tls: BunTls; readonly socket: BunSocketHandlers }): readonly [BunSocket, BunSocket];
}

export interface BunTls {
  readonly ca?: string;
  /** What the certificate has to be for: a name, or an address. Where it is left out, that is not looked at. */
  readonly serverName: string;
  readonly rejectUnauthorized: boolean;
}

interface BunListener {
  stop(): void;
  unref(): void;
}

interface Bun {
  readonly hash: { crc32(data: Uint8Array | string, seed?: number): number };
  readonly CryptoHasher: new (name: 'sha256') => { update(text: string): { digest(encoding: 'hex'): string } };
  readonly dns: {
    lookup(
      host: string,
      options: { readonly family: 0 | 4 | 6; readonly backend: 'system' },
    ): Promise<readonly { readonly address: string }[]>;
  };
  zstdCompressSync(bytes: Uint8Array, options: { readonly level: number }): Buffer;
  zstdCompress(bytes: Uint8Array, options: { readonly level: number }): Promise<Buffer>;
  spawn(
    command: readonly string[],
    options: {
      readonly env: Readonly<Record<string, string>>;
      readonly timeout: number;
      readonly stdout: 'pipe';
      readonly stderr: 'ignore';
    },
  ): { readonly stdout: ReadableStream<Uint8Array>; readonly exited: Promise<number> };
  connect(
    options: ({ readonly hostname: string; readonly port: number } | { readonly unix: string }) & {
      readonly socket: BunSocketHandlers;
    },
  ): Promise<BunSocket>;
  listen(options: { readonly unix: string; readonly socket: BunSocketHandlers }): BunListener;
}

export const bun = (globalThis as unknown as { readonly Bun: Bun }).Bun;
