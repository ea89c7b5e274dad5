/** A connection as a check needs it: the contract of `#runtime/wire`, which each runtime meets with the sockets that are cheap there. */

/** Bytes both ways. An abort of the signal that it was made with ends it, and fails what is awaited. */
export interface Wire {
  write(bytes: Buffer): void;
  /** The next bytes; undefined where the other side has ended. Rejects where the connection broke. */
  read(): Promise<Buffer | undefined>;
  /** May be called twice. Nothing is heard of it afterwards. */
  close(): void;
}

/** A connection in the clear. */
export interface TcpWire extends Wire {
  /**
   * The same connection, encrypted from here on; this one is not to be used any more. A bad certificate is let in, and told: else nobody
   * would learn when it ended. Rejects where there was no handshake.
   */
  secure(options: SecureOptions): Promise<SecureWire>;
}

export interface SecureOptions {
  /** Name or address that the certificate has to be for. */
  readonly host: string;
  /** Certificates to trust in place of those that the runtime brings, in PEM. */
  readonly ca: string | undefined;
}

export interface SecureWire extends Wire {
  /** Why its certificate is not to be trusted: a code where there is one. */
  readonly problem: string | undefined;
  /** When the certificate ends. */
  readonly validTo: string | undefined;
}
