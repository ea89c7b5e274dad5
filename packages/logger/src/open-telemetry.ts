/**
 * The ids by which OpenTelemetry joins lines and traces, under the names that its specification has for logs that are
 * not OTLP: `trace_id`, `span_id`, `trace_flags`. The hub finds them as fields: `trace_id:4bf92f35…`.
 */

import type { Fields } from '@flywatch/core';

/** What is needed of `trace` from `@opentelemetry/api`. */
export interface TraceApi {
  getActiveSpan():
    | { spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } }
    | undefined;
}

/** What an invalid span has for its trace. */
const NO_TRACE = /^0*$/;

/** A `mixin` that puts the ids of the span that is active into each line: `mixin: openTelemetry(trace)`. */
export function openTelemetry(trace: TraceApi): () => Fields | undefined {
  return () => {
    const context = trace.getActiveSpan()?.spanContext();
    if (context === undefined || NO_TRACE.test(context.traceId)) return undefined;
    const { traceId, spanId, traceFlags } = context;
    return { trace_id: traceId, span_id: spanId, trace_flags: traceFlags.toString(16).padStart(2, '0') };
  };
}

/** Version, trace, parent span, flags (W3C Trace Context). */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The same ids from the header `traceparent` of a request, for apps without a tracer. */
export function fieldsOfTraceparent(header: string | undefined): Fields | undefined {
  const match = TRACEPARENT.exec(header ?? '');
  if (match === null || NO_TRACE.test(match[1]!)) return undefined;
  return { trace_id: match[1], span_id: match[2], trace_flags: match[3] };
}
