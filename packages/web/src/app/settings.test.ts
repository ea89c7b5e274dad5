import { describe, expect, it } from 'vitest';
import { DEFAULTS, MAX_SEARCHES, parseSettings } from './settings.ts';

describe('parseSettings', () => {
  it.each([null, '', '{', '42', 'null', '[]', '"dark"'])('takes the defaults from %j', (text) => {
    expect(parseSettings(text)).toEqual(DEFAULTS);
  });

  it('keeps what is good and leaves the rest at its default', () => {
    const stored = {
      theme: 'light',
      zone: 'mars',
      wrap: 'yes',
      density: 'compact',
      columns: ['user.id', 7, ''],
      more: 1,
    };
    expect(parseSettings(JSON.stringify(stored))).toEqual({
      ...DEFAULTS,
      theme: 'light',
      density: 'compact',
      columns: ['user.id'],
    });
  });

  it('keeps views that have a name and a search, and nothing else of them', () => {
    const views = [{ name: 'Errors', search: 'q=level%3Aerror', html: '<b>' }, { name: '' }, null, { search: 'q=a' }];
    expect(parseSettings(JSON.stringify({ views })).views).toEqual([{ name: 'Errors', search: 'q=level%3Aerror' }]);
  });

  it('cuts lists at their bounds', () => {
    const searches = Array.from({ length: 500 }, (_, i) => `word${i}`);
    expect(parseSettings(JSON.stringify({ searches })).searches).toEqual(searches.slice(0, MAX_SEARCHES));
    expect(parseSettings(JSON.stringify({ searches: ['x'.repeat(5000)] })).searches).toEqual([]);
  });
});
