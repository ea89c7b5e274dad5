export { stripAnsi } from './ansi.ts';
export { Backoff, type BackoffOptions } from './backoff.ts';
export { parseDuration } from './durations.ts';
export { type EventInit, type Fields, joinEnvelope, LogEvent } from './event.ts';
export { FieldCatalogue, type FieldSummary, type LineLabels } from './field-catalogue.ts';
export type {
  AllNode,
  AndNode,
  ComparisonOperator,
  ComparisonPattern,
  FieldNode,
  FieldPattern,
  FilterNode,
  FilterPosition,
  NotNode,
  OrNode,
  PhrasePattern,
  PresentPattern,
  RegexPattern,
  TermNode,
  TextNode,
  TextPattern,
  WordPattern,
} from './filter/ast.ts';
export { type CompiledFilter, type CompileFilterOptions, compileFilter } from './filter/compile.ts';
export { createFieldLookup, type FieldLookup } from './filter/field-path.ts';
export { FilterSyntaxError } from './filter/filter-syntax-error.ts';
export type { FilterTarget } from './filter/filter-target.ts';
export { formatFilter } from './filter/format.ts';
export { MAX_FILTER_LENGTH } from './filter/limits.ts';
export { parseFilter } from './filter/parse.ts';
export type { CompiledRegex, RegexEngine } from './filter/regex-engine.ts';
export { type FilterToken, tokenizeFilter } from './filter/tokenize.ts';
export { type FlatEvent, parseFlatEvent, toFlatEvent } from './flat-event.ts';
export {
  type CheckState,
  type ErrorCounts,
  type FleetMachine,
  type FleetOverview,
  type FleetThresholds,
  type FleetTotals,
  type FleetUnit,
  type HostSystem,
  type MachineState,
  UNIT_STATES,
  type UnitChecks,
  type UnitFigures,
  type UnitReason,
  type UnitSeverity,
  type UnitSpark,
  type UnitState,
} from './fleet-overview.ts';
export {
  HUB_ANSWER_MAX_BYTES,
  type HubAnswer,
  type HubVerdict,
  judgeHubAnswer,
  readAnswerBody,
} from './hub-answer.ts';
export { type EventId, formatEventId, parseEventId } from './ids.ts';
export {
  type Inspection,
  inspectMessage,
  levelOfStructure,
  levelOfText,
  sourceOfStructure,
} from './inspect-message.ts';
export { LEVELS, type Level, levelFromNumber, levelRank, parseLevel, parseLevelValue } from './levels.ts';
export { parseLogfmt } from './logfmt.ts';
export { nearestName } from './nearest-name.ts';
export { cutToBytes } from './normalize/cut.ts';
export { isObject, label, MAX_LABEL_CHARS, own } from './normalize/draft.ts';
export { type Envelope, Normalizer, type NormalizerOptions } from './normalize/normalizer.ts';
export { type Moment, ParameterError, parseMoment } from './parameters.ts';
export { lineForm, STAND_IN } from './patterns/line-form.ts';
export { type MinedPattern, PatternMiner, type PatternMinerOptions, WILDCARD } from './patterns/pattern-miner.ts';
export { ExactTexts, LOG_ROW_COLUMNS, type LogRowOptions, logRow, microsText } from './postgres/log-row.ts';
export { copyValue, sqlJson, sqlText } from './postgres/sql-text.ts';
export {
  type FlatOptions,
  FORMATS,
  type Format,
  LOGCORE_LEVELS,
  renderEvent,
  renderFlat,
  STRUCTURED_LEVELS,
} from './renderings.ts';
export {
  type CompiledSelection,
  compileSelection,
  LIST_PARAMETERS,
  type ListParameter,
  parseSelection,
  type Selection,
} from './selection.ts';
export { parseStructure, printStructure } from './structure.ts';
export {
  EARLIEST_TIME_MS,
  formatTimeMs,
  fractionDigits,
  isAbsurdTime,
  isLeapSecond,
  MAX_AHEAD_MS,
  parseCanonicalTime,
  parseTime,
  type SourceTime,
} from './time.ts';
