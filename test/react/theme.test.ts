import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Every custom property with every value that it gets, in any theme. */
function valuesOf(path: string): string[] {
  const css = readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8');
  return [...new Set(css.match(/--[\w-]+: [^;]+;/g))].sort();
}

test('the viewer has the colours and sizes of the dashboard, within itself', () => {
  const values = valuesOf('react/src/theme.css');
  expect(values.length).toBeGreaterThan(100);
  expect(values).toEqual(valuesOf('web/src/style/tokens.css'));
});
