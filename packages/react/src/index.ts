export { ansiPieces } from './line/ansi.ts';
export { controlPieces, withoutControls } from './line/controls.ts';
export { fieldsOf } from './line/event-fields.ts';
export { FieldTree, type FieldTreeProps } from './line/FieldTree.tsx';
export { fieldText, flatFields } from './line/flat-fields.ts';
export { InstanceColours } from './line/instance-colours.ts';
export { LevelTag } from './line/LevelTag.tsx';
export { Isolated, LineText, type LineTextProps, RawText, type RawTextProps } from './line/LineText.tsx';
export { type LineParts, lineParts } from './line/line-parts.ts';
export { createMarker, type Marker, markPieces } from './line/marks.ts';
export type { Piece, PieceColours } from './line/piece.ts';
export { ChunkedList } from './list/chunked-list.ts';
export { appendGrouped, groupLines, lineItem } from './stream/group-lines.ts';
export {
  type GapItem,
  type LineItem,
  linesOf,
  type ReconnectedItem,
  type StreamItem,
  type StreamState,
} from './stream/items.ts';
export { LiveReader, type LiveReaderOptions } from './stream/live-reader.ts';
export type { LogRecord, Logs } from './stream/log-record.ts';
export {
  createLogStream,
  type HeldCounts,
  type LogStream,
  type LogStreamOptions,
  type LogStreamSnapshot,
  replaceKey,
} from './stream/log-stream.ts';
export { type LogStreamHandle, useLogStream, useStream } from './stream/useLogStream.ts';
export { type MockLogs, type MockLogsOptions, useMockLogs } from './stream/useMockLogs.ts';
export { gapReason } from './viewer/Band.tsx';
export { LogEntry, type LogEntryProps, WholeText } from './viewer/LogEntry.tsx';
export { LogViewer, type LogViewerProps } from './viewer/LogViewer.tsx';
