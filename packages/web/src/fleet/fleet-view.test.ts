import { describe, expect, it } from 'vitest';
import { hostHref, listHref, parseFleetView, WHOLE_LIST } from './fleet-view.ts';
import { hostViewHref, parseHostView } from './host/host-view.ts';

const fleet = (text: string) => parseFleetView(new URLSearchParams(text));
const host = (text: string) => parseHostView(new URLSearchParams(text));

describe('the list', () => {
  it('is at its defaults where the address says nothing or nonsense', () => {
    const defaults = { search: '', kind: 'all', hours: 1, host: undefined };
    expect(fleet('')).toEqual(defaults);
    expect(fleet(`kind=moon&hours=7&host=${'x'.repeat(257)}`)).toEqual(defaults);
  });

  it('goes into an address and comes back', () => {
    const view = { search: 'db & co', kind: 'vps', hours: 24 } as const;
    expect(fleet(listHref(view).split('?')[1]!)).toEqual({ ...view, host: undefined });
    expect(listHref(WHOLE_LIST)).toBe('/ui/fleet');
  });

  it.each(['..', 'a/b.js', '<b>', '\u202egnp.exe', 'a&host=b'])('a host may be called %j', (name) =>
    expect(fleet(hostHref(name, WHOLE_LIST).split('?')[1]!).host).toBe(name),
  );
});

describe('a host', () => {
  it('shows the last hour, and nothing pinned, where the address says nothing or nonsense', () => {
    const defaults = { range: '1h', zoom: undefined, pinMs: undefined };
    expect(host('')).toEqual(defaults);
    expect(host('range=constructor&from=soon&to=later&at=never')).toEqual(defaults);
  });

  it('a part of the time that ends before it begins, or that has no two reports in it, is none', () => {
    expect(host('from=2026-10-21T03:00:00Z&to=2026-10-21T02:00:00Z').zoom).toBeUndefined();
    expect(host('from=2026-10-21T02:00:00Z&to=2026-10-21T02:00:01Z').zoom).toBeUndefined();
  });

  it('goes into an address and comes back', () => {
    const view = {
      range: '7d',
      zoom: { fromMs: 1_760_000_000_000, toMs: 1_760_000_060_000 },
      pinMs: 1_760_000_030_123,
    };
    const list = { search: 'db', kind: 'vps', hours: 6 } as const;
    const url = new URLSearchParams(hostViewHref('db-01', list, { ...view, range: '7d' }).split('?')[1]);
    expect(parseHostView(url)).toEqual(view);
    expect(parseFleetView(url)).toEqual({ ...list, host: 'db-01' });
  });
});
