/** Readers of names and tokens. */

import { MAX_APPS } from '../limits.ts';

export function readSlug(text: string): string {
  const slug = text.trim();
  if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(slug))
    throw new Error('expected the slug of an organization, letters, digits and dashes');
  return slug;
}

export function readApps(text: string): readonly string[] {
  const apps = text
    .split(',')
    .map((app) => app.trim())
    .filter((app) => app !== '');
  if (apps.length > MAX_APPS)
    throw new Error(`expected at most ${MAX_APPS} apps, not ${apps.length}; use * and filter`);
  for (const app of apps) {
    if (app !== '*' && app !== 'fly-builder-*' && !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(app)) {
      throw new Error(`${JSON.stringify(app)} is no app name: expected letters, digits and dashes, or * for all apps`);
    }
  }
  return apps;
}

export function readGroup(text: string): string {
  if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(text))
    throw new Error('expected letters, digits, dashes and underscores, at most 64');
  return text;
}

export function readModel(text: string): string {
  const model = text.trim();
  if (!/^[\x21-\x7e]{1,200}$/.test(model)) throw new Error('expected the name of a model, such as moonshotai/kimi-k2');
  return model;
}

export function readToken(text: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error('a token is printable ASCII without blanks, since it travels in a header');
  return token;
}
