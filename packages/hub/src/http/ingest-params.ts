/** The parameters of ingest requests: labels for lines that do not carry them. */

import { type Envelope, MAX_LABEL_CHARS, ParameterError } from '@flywatch/core';
import { asHttpError, type Query, single } from './live-params.ts';

export function ingestEnvelope(query: Query): Envelope {
  try {
    return {
      app: label(query, 'app'),
      instance: label(query, 'instance'),
      region: label(query, 'region'),
      host: label(query, 'host'),
      provider: label(query, 'provider'),
      source: label(query, 'source'),
      wins: false,
    };
  } catch (error) {
    throw asHttpError(error);
  }
}

function label(query: Query, name: string): string | undefined {
  const text = single(query, name);
  if (text !== undefined && text.length > MAX_LABEL_CHARS) {
    throw new ParameterError(name, text, `at most ${MAX_LABEL_CHARS} characters`);
  }
  return text;
}
