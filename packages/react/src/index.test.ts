import { createElement, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import * as react from './index.ts';

test('the public names of the package', () => {
  expect(Object.keys(react).sort()).toEqual([
    'ChunkedList',
    'FieldTree',
    'InstanceColours',
    'Isolated',
    'LevelTag',
    'LineText',
    'LiveReader',
    'LogEntry',
    'LogViewer',
    'RawText',
    'WholeText',
    'ansiPieces',
    'appendGrouped',
    'controlPieces',
    'createLogStream',
    'createMarker',
    'fieldText',
    'fieldsOf',
    'flatFields',
    'gapReason',
    'groupLines',
    'lineItem',
    'lineParts',
    'linesOf',
    'markPieces',
    'replaceKey',
    'useLogStream',
    'useMockLogs',
    'useStream',
    'withoutControls',
  ]);
});

test('a server renders a viewer of a hub without connecting to it', () => {
  const App = () => {
    const { logs, connected, clear } = react.useLogStream({ url: 'http://127.0.0.1:1' });
    return createElement(react.LogViewer, { logs, connected, onClear: clear });
  };
  const html = renderToString(createElement(StrictMode, null, createElement(App)));
  expect(html).toContain('Disconnected');
  expect(html).toContain('No lines yet.');
});

test('lines are text, whatever they say', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const entry = { timestamp: hostile, level: 'error', source: hostile, message: hostile, meta: { [hostile]: hostile } };
  const html = renderToString(createElement(react.LogEntry, { entry, open: true }));
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
});

test('a field tree draws fifty fields of a branch, and offers the rest', () => {
  const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
  const html = renderToString(createElement(react.FieldTree, { fields, onCopy: () => {} }));
  expect(html.match(/<li/g)).toHaveLength(51);
  expect(html).toContain('99950');
});
