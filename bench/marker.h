/*
 * The mark that every bench payload carries exactly once, shared by publisher and readers:
 *
 *     @fw:0000123456789012345.0000000042
 *     ^--^^-----------------^ ^--------^
 *     tag  CLOCK_MONOTONIC ns  sequence number (per publisher, from 0)
 *
 * It is plain ASCII that no JSON encoder escapes, so it survives any re-encoding on the way. '@' occurs nowhere else in a
 * payload, which lets a reader find it with one memchr. Both programs run on one machine, so the monotonic clock is common.
 */
#ifndef FLYWATCH_BENCH_MARKER_H
#define FLYWATCH_BENCH_MARKER_H

#include <stdint.h>
#include <time.h>

#define MARK_TAG "@fw:"
#define MARK_TAG_LEN 4
#define MARK_TIME_LEN 19
#define MARK_SEQ_LEN 10
#define MARK_SEQ_AT (MARK_TAG_LEN + MARK_TIME_LEN + 1)
#define MARK_LEN (MARK_SEQ_AT + MARK_SEQ_LEN)

static inline int64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void write_digits(char *at, int width, uint64_t value) {
  for (int i = width - 1; i >= 0; i--) {
    at[i] = (char)('0' + value % 10);
    value /= 10;
  }
}

static inline uint64_t read_digits(const char *at, int width) {
  uint64_t value = 0;
  for (int i = 0; i < width; i++) value = value * 10 + (uint64_t)(at[i] - '0');
  return value;
}

#endif
