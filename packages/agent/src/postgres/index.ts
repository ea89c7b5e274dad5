export { clientConfig, describe, isAway, isRefused } from './connection.ts';
export { Link } from './link.ts';
