/** Text of UTF-8 bytes, U+FFFD for what is none. Every runtime has the decoder, but it is no part of the language, which is all that core's types know. */

interface Decoder {
  decode(bytes: Uint8Array): string;
}

type Runtime = { readonly TextDecoder: new (encoding: string, options: { ignoreBOM: boolean }) => Decoder };

const decoder = new (globalThis as unknown as Runtime).TextDecoder('utf-8', { ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
