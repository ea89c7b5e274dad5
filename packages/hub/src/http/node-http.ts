/**
 * What the hub needs of `node:http`, without importing it: an import reads every name of the module, and one of them is a getter that
 * loads undici's WebSocket, for 4 MB that nobody here uses.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
