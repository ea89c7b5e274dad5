/** How a result of a check is, from its row: what answers, but slowly or with a certificate that ends soon, agents call degraded. */

import { parseStructure } from '@flywatch/core';
import { type CheckState, FIGURE_TABLES, type FigureRow } from './figures.ts';

const SUCCESS = FIGURE_TABLES.checks.columns.findIndex(([name]) => name === 'success');

export function checkState({ values, details }: Pick<FigureRow, 'values' | 'details'>): CheckState {
  if (values[SUCCESS] !== true) return 'down';
  return details !== null && parseStructure(details)?.state === 'degraded' ? 'degraded' : 'up';
}
