import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../packages/react/src/theme.css', import.meta.url), 'utf8');

/** The custom properties of the rule that begins with this selector. */
function propertiesOf(selector: string): string[] {
  const from = css.indexOf(selector);
  expect(from).toBeGreaterThan(0);
  return css.slice(from, css.indexOf('}', from)).match(/--[\w-]+: [^;]+;/g) ?? [];
}

test('light is the same whether it is chosen or the system’s', () => {
  const chosen = propertiesOf(':is(.fw-viewer, .fw-page)[data-theme="light"]');
  expect(chosen.length).toBeGreaterThan(50);
  expect(propertiesOf('.fw-page:not([data-theme])')).toEqual(chosen);
});

test('what light changes is there in dark', () => {
  const names = (properties: readonly string[]) => properties.map((property) => property.split(':', 1)[0]);
  const dark = names(propertiesOf('.fw-viewer,\n.fw-page {'));
  expect(dark).toEqual(expect.arrayContaining(names(propertiesOf('.fw-page:not([data-theme])'))));
});
