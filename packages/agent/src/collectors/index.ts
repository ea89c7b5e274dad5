/** The collectors alone, for a hub that watches its own host: nothing of checks, tails and configuration is loaded with them. */

export { HostCollector, type HostCollectorOptions, type HostFigures } from './host-collector.ts';
export { type MetricsRow, type MetricsRowContext, metricsRow } from './metrics-row.ts';
