/** Bounds of a filter. Beyond each of them a filter is refused with a {@link FilterSyntaxError} that says the limit. */

/**
 * Longest filter text, in UTF-16 units. Filters travel in query strings, and common proxies refuse a request line of
 * more than 8 KB: 4,096 units still fit when many of them are percent-encoded. It bounds the work too: the worst that a
 * filter and a line can do to each other is their product, some 0.4 s for 4,096 units and a line of 256 KB, both made
 * for it; ordinary words and lines are far from that.
 */
export const MAX_FILTER_LENGTH = 4096;

/** Most terms in a filter. Each may read the whole line, so that this times the longest line bounds one evaluation. */
export const MAX_FILTER_TERMS = 256;

/** Deepest nesting of groups. Parser, formatter and compiler recurse into groups; no person nests ten deep. */
export const MAX_FILTER_DEPTH = 64;

/**
 * Most parts of a dotted field name. Any run of parts may be one literal key, so that the keys to look for grow with
 * the square of the parts: 136 for 16.
 */
export const MAX_FIELD_PARTS = 16;
