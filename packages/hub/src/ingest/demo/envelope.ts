import type { Instance } from './cast.ts';

/** Fly's envelope as its log bus sends it, with the mark that tells demo events from real ones. */
export interface DemoEnvelope {
  readonly demo: true;
  readonly event: { readonly provider: string };
  readonly fly: { readonly app: { readonly instance: string; readonly name: string }; readonly region: string };
  readonly host: string;
  readonly log: { readonly level: string };
  readonly message: string;
  /** RFC 3339 in UTC with up to nine digits, as Go prints it. */
  readonly timestamp: string;
}

/** Which part of the platform says a line, and what level Fly gives it: the two are always met together. */
export interface Voice {
  readonly event: { readonly provider: string };
  readonly log: { readonly level: string };
}

/** What an app prints is `info` for Fly, stderr too: how bad it is stands in the message only. */
export const APP = voice('app', 'info');
export const RUNNER = voice('runner', 'info');
export const PROXY = voice('proxy', 'info');
export const PROXY_ERROR = voice('proxy', 'error');
export const HEALTH = voice('health', 'info');
export const HEALTH_ERROR = voice('health', 'error');

/** The keys stand in the order of Fly's own (sorted) JSON. */
export function createEnvelope(speaker: Instance, said: Voice, message: string, timestamp: string): DemoEnvelope {
  return { demo: true, event: said.event, fly: speaker.fly, host: speaker.host, log: said.log, message, timestamp };
}

/**
 * The envelope as JSON, the same text as JSON.stringify's in half its time: of all the strings only the message can hold
 * anything that has to be escaped.
 */
export function encodeEnvelope({ event, fly, host, log, message, timestamp }: DemoEnvelope): string {
  const where = `"fly":{"app":{"instance":"${fly.app.instance}","name":"${fly.app.name}"},"region":"${fly.region}"},"host":"${host}"`;
  return `{"demo":true,"event":{"provider":"${event.provider}"},${where},"log":{"level":"${log.level}"},"message":${JSON.stringify(message)},"timestamp":"${timestamp}"}`;
}

/** The parts are shared by all envelopes, hence frozen. */
function voice(provider: string, level: string): Voice {
  return Object.freeze({ event: Object.freeze({ provider }), log: Object.freeze({ level }) });
}
