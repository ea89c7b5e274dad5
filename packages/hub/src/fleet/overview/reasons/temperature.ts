/** Sensors that are too hot. */

import { type Finding, severityBy } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { RULES } from '../rules.ts';

/** The hottest alone: sensors of one chip are hot together. */
export function temperatureFindings({ figures }: HostFacts): Finding[] {
  const [hottest] = [...(figures?.temperatures ?? [])].sort((a, b) => b.celsius - a.celsius);
  const severity = severityBy(hottest?.celsius, RULES.temperature);
  if (hottest === undefined || severity === undefined) return [];
  const text = `${hottest.name} is at ${Math.round(hottest.celsius)} °C`;
  return [{ code: 'temperature', text, severity, sinceMs: null }];
}
