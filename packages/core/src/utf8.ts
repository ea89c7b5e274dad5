/** Text of UTF-8 bytes, U+FFFD for what is none. */

interface Decoder {
  decode(bytes: Uint8Array): string;
}

/** Every runtime has the decoder, but it is no part of the language, which is all that core's types know. */
type Runtime = { readonly TextDecoder: new (encoding: string, options: { ignoreBOM: boolean }) => Decoder };

export function decodeUtf8(bytes: Uint8Array): string {
  const { TextDecoder } = globalThis as unknown as Runtime;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
