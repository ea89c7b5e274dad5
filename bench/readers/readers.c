/*
 * readers: opens many connections to a server that streams events and counts what arrives, in raw bytes.
 *
 * Why C: at 1,000,000 deliveries/s a reader written in a script language needs more CPU than the server under test, and on a
 * small machine the bench would measure its own tool. This one uses one thread, one epoll and one receive buffer.
 *
 * Protocols (--mode)
 *   sse     HTTP/1.1 GET, `Accept: text/event-stream`; the body chunked or plain (Flywatch, nchan)
 *   ws      RFC 6455 upgrade, one or many events a message (Flywatch, nchan)
 *   natsws  the same upgrade, then the NATS client protocol inside: INFO, CONNECT, SUB, MSG, PING (nats-server's WebSocket)
 *
 * Counting
 *   The framing is taken off first (chunk sizes, frame headers, MSG lines), so nothing of it can be taken for payload and server
 *   pings are seen. In what is left every event carries the mark of marker.h once; memchr for its '@' finds it. A mark that is
 *   split over reads, chunks or frames is completed from a carry of at most 33 bytes per connection. Every event on every
 *   connection is counted; the time stamp and the sequence number are read on `--samples` connections spread evenly over all.
 *   There `gaps` counts numbers that were skipped (a loss, or the work of a filter) and `repeats` numbers that went back.
 *
 * Naps (--nap-us)
 *   After each round over the ready sockets the program sleeps for a moment instead of waiting in epoll. On loopback a write to
 *   a socket whose reader waits wakes that reader on the writer's account; a reader on another machine would not. The nap keeps
 *   that cost out of the server's figures, equally for every server, and adds at most its own length to a latency.
 *
 * Talk
 *   stdout, one JSON object a line: {"type":"ready"} when all connections are open (for NATS: subscribed), {"type":"count"} for
 *   each `count`, {"type":"result"} at the end. stdin, one command a line: `start` begins the measuring window, `stop` ends it,
 *   `count` asks for totals, `read` lets a --stuck reader go on. Ends on SIGTERM, after --seconds, or when its parent is gone.
 *
 * Limits
 *   Linux. No TLS, no compression, no reconnect: a connection that the server closes is counted in `closed`. HTTP heads and NATS
 *   lines over 4 KB are an error. Latency is kept in buckets 1.6 % wide, from 1 us up.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../marker.h"

#define RECV_BYTES (256 * 1024) /* one buffer for all; a full socket buffer of the usual size in few calls */
#define LINE_BYTES 4096         /* HTTP head, NATS line (INFO is the longest, some 500 bytes) */
#define OPENING_AT_ONCE 64      /* handshakes in flight: well under the listen backlog of every server here (511 or more) */
#define HANDSHAKE_NS (20LL * 1000000000)
#define MAX_PATHS 4096
#define MAX_HEADERS 16

enum mode { MODE_SSE, MODE_WS, MODE_NATSWS };
enum state { IDLE, CONNECTING, HEAD, GREETING, OPEN, CLOSED };
enum chunk_state { CHUNK_SIZE, CHUNK_DATA, CHUNK_END };

struct conn {
  int fd;
  enum state state;
  bool sampled;
  bool chunked;
  bool seen_any;
  uint64_t events;
  uint64_t next_seq;
  /* part of a mark, waiting for the rest */
  char carry[MARK_LEN];
  int carry_len;
  /* WebSocket frame, or chunk, in progress */
  uint64_t remaining;
  uint64_t events_before;
  enum chunk_state chunk;
  bool in_frame;
  uint8_t opcode;
  uint8_t header[14];
  int header_len;
  uint8_t control[125];
  int control_len;
  /* HTTP head, chunk size line or NATS line in progress; NATS payload bytes to come */
  char line[LINE_BYTES];
  int line_len;
  uint64_t msg_remaining;
};

/* Latency histogram: 64 buckets for each power of two of microseconds. */
#define SUB 64
#define BUCKETS (SUB * 40)
struct histogram {
  uint64_t bucket[BUCKETS];
  uint64_t count;
  uint64_t max_us;
  double sum_us;
};

static struct {
  enum mode mode;
  const char *host;
  int port;
  int connections;
  double seconds;
  int nap_us;
  int samples;
  bool stuck;
  uint64_t expected;
  const char *paths[MAX_PATHS];
  int path_count;
  const char *headers[MAX_HEADERS];
  int header_count;
  const char *user, *pass, *subject;
} opt = {.mode = MODE_SSE, .host = "127.0.0.1", .connections = 1, .nap_us = 1000, .samples = 50, .subject = "logs.>"};

static struct conn *conns;
static int epoll_fd;
static int opened, opening, next_to_open, closed_count;
static uint64_t total_events, total_bytes, total_reads, total_other, total_pings, total_gaps, total_repeats, total_sampled;
static struct histogram latency;
static int64_t now_ns; /* taken after each read of a sampled connection */
static volatile sig_atomic_t stopping;

/* The measuring window: what was counted when it began and when it ended. */
struct reading {
  int64_t at_ns;
  double cpu_s;
  uint64_t events, bytes, reads;
};
static struct reading window_start, window_stop;
static bool window_open, window_closed;

static void fail(const char *what, const struct conn *c) {
  if (c) fprintf(stderr, "readers: connection %d: %s\n", (int)(c - conns), what);
  else fprintf(stderr, "readers: %s\n", what);
  exit(1);
}

/* ---- histogram ---------------------------------------------------------------------------------------------------------- */

static int bucket_of(uint64_t us) {
  if (us < SUB) return (int)us;
  int shift = 63 - __builtin_clzll(us) - 6;
  int index = SUB * (shift + 1) + (int)((us >> shift) - SUB);
  return index < BUCKETS ? index : BUCKETS - 1;
}

static double bucket_us(int index) {
  if (index < SUB) return index + 0.5;
  int shift = index / SUB - 1;
  return (double)((uint64_t)(SUB + index % SUB) << shift) + (double)(1ULL << shift) / 2;
}

static void histogram_add(struct histogram *h, uint64_t us) {
  h->bucket[bucket_of(us)]++;
  h->count++;
  h->sum_us += (double)us;
  if (us > h->max_us) h->max_us = us;
}

static double quantile_ms(const struct histogram *h, double q) {
  if (h->count == 0) return 0;
  uint64_t rank = (uint64_t)(q * (double)(h->count - 1)), seen = 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h->bucket[i];
    if (seen > rank) return (bucket_us(i) < (double)h->max_us ? bucket_us(i) : (double)h->max_us) / 1000;
  }
  return (double)h->max_us / 1000;
}

/* ---- counting marks in payload bytes ------------------------------------------------------------------------------------ */

static void on_mark(struct conn *c, const char *mark) {
  c->events++;
  total_events++;
  if (!c->sampled) return;
  int64_t us = (now_ns - (int64_t)read_digits(mark + MARK_TAG_LEN, MARK_TIME_LEN)) / 1000;
  if (!window_closed) histogram_add(&latency, us < 0 ? 0 : (uint64_t)us);
  uint64_t seq = read_digits(mark + MARK_SEQ_AT, MARK_SEQ_LEN);
  total_sampled++;
  if (c->seen_any && seq < c->next_seq) {
    total_repeats++;
    return;
  }
  if (c->seen_any) total_gaps += seq - c->next_seq;
  c->seen_any = true;
  c->next_seq = seq + 1;
}

/* True if the n bytes at p begin a mark, as far as they go. */
static inline bool tag_matches(const char *p, size_t n) {
  return memcmp(p, MARK_TAG, n < MARK_TAG_LEN ? n : MARK_TAG_LEN) == 0;
}

static void scan(struct conn *c, const char *p, size_t n) {
  if (c->carry_len > 0) {
    size_t want = (size_t)(MARK_LEN - c->carry_len), take = want < n ? want : n;
    memcpy(c->carry + c->carry_len, p, take);
    /* A false start is dropped without looking back: only its first byte is an '@', and that one was no mark. */
    if (tag_matches(c->carry, (size_t)c->carry_len + take)) {
      c->carry_len += (int)take;
      if (c->carry_len < MARK_LEN) return;
      on_mark(c, c->carry);
      p += take;
      n -= take;
    }
    c->carry_len = 0;
  }
  const char *end = p + n;
  while (p < end) {
    const char *at = memchr(p, '@', (size_t)(end - p));
    if (!at) return;
    size_t left = (size_t)(end - at);
    if (!tag_matches(at, left)) {
      p = at + 1;
    } else if (left < MARK_LEN) {
      memcpy(c->carry, at, left);
      c->carry_len = (int)left;
      return;
    } else {
      on_mark(c, at);
      p = at + MARK_LEN;
    }
  }
}

/* ---- sending ------------------------------------------------------------------------------------------------------------- */

static void close_conn(struct conn *c) {
  if (c->state == CLOSED) return;
  close(c->fd);
  c->state = CLOSED;
  closed_count++;
}

/* Requests and pongs are a few hundred bytes: a socket that cannot take them at once is as good as gone. */
static void send_all(struct conn *c, const void *data, size_t n) {
  if (send(c->fd, data, n, MSG_NOSIGNAL) != (ssize_t)n) {
    if (c->state != OPEN) fail("the request could not be sent", c);
    close_conn(c);
  }
}

static void send_frame(struct conn *c, uint8_t opcode, const void *data, size_t n) {
  uint8_t frame[LINE_BYTES + 8];
  size_t at = 0;
  frame[at++] = 0x80 | opcode;
  if (n < 126) {
    frame[at++] = 0x80 | (uint8_t)n;
  } else {
    frame[at++] = 0x80 | 126;
    frame[at++] = (uint8_t)(n >> 8);
    frame[at++] = (uint8_t)n;
  }
  /* RFC 6455 wants every client frame masked. Any key will do here: nothing between us and the server caches. */
  const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
  memcpy(frame + at, key, 4);
  at += 4;
  for (size_t i = 0; i < n; i++) frame[at++] = ((const uint8_t *)data)[i] ^ key[i & 3];
  send_all(c, frame, at);
}

static void send_request(struct conn *c) {
  char request[LINE_BYTES];
  const char *path = opt.paths[(c - conns) % opt.path_count];
  int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n", path, opt.host, opt.port);
  for (int i = 0; i < opt.header_count; i++) n += snprintf(request + n, sizeof request - (size_t)n, "%s\r\n", opt.headers[i]);
  n += snprintf(request + n, sizeof request - (size_t)n, "%s",
                opt.mode == MODE_SSE ? "Accept: text/event-stream\r\n\r\n"
                                     : "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                       "Sec-WebSocket-Key: Zmx5d2F0Y2gtYmVuY2gtMQ==\r\n\r\n");
  if (n >= (int)sizeof request) fail("the request is over 4 KB", c);
  send_all(c, request, (size_t)n);
}

static void greet_nats(struct conn *c) {
  char hello[1024];
  int n = snprintf(hello, sizeof hello,
                   "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"1\",\"protocol\":1,"
                   "\"user\":\"%s\",\"pass\":\"%s\"}\r\nSUB %s 1\r\nPING\r\n",
                   opt.user ? opt.user : "", opt.pass ? opt.pass : "", opt.subject);
  if (n >= (int)sizeof hello) fail("user, password or subject are too long", c);
  send_frame(c, 2, hello, (size_t)n);
}

/* ---- taking the framing off ---------------------------------------------------------------------------------------------- */

static void mark_open(struct conn *c) {
  c->state = OPEN;
  opened++;
  opening--;
  /* A stuck reader leaves the socket unread: its buffers fill, then the server's. */
  if (opt.stuck) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
}

static void nats_line(struct conn *c, const char *line, int n) {
  if (n >= 4 && memcmp(line, "MSG ", 4) == 0) {
    int at = n;
    while (at > 0 && line[at - 1] != ' ') at--;
    c->msg_remaining = read_digits(line + at, n - at) + 2; /* and its CRLF */
  } else if (n >= 4 && memcmp(line, "PING", 4) == 0) {
    total_pings++;
    send_frame(c, 2, "PONG\r\n", 6);
  } else if (n >= 4 && memcmp(line, "PONG", 4) == 0) {
    if (c->state == GREETING) mark_open(c);
  } else if (n >= 4 && memcmp(line, "-ERR", 4) == 0) {
    fprintf(stderr, "readers: connection %d: nats says %.*s\n", (int)(c - conns), n, line);
    if (c->state != OPEN) exit(1);
  }
}

static void nats(struct conn *c, const char *p, size_t n) {
  while (n > 0) {
    if (c->msg_remaining > 0) {
      size_t take = c->msg_remaining < n ? (size_t)c->msg_remaining : n;
      scan(c, p, take);
      c->msg_remaining -= take;
      p += take;
      n -= take;
      continue;
    }
    const char *newline = memchr(p, '\n', n);
    size_t take = newline ? (size_t)(newline - p) + 1 : n;
    const char *line = p;
    int line_len = (int)take;
    if (c->line_len > 0 || !newline) {
      if (c->line_len + take > LINE_BYTES) fail("a NATS line is over 4 KB", c);
      memcpy(c->line + c->line_len, p, take);
      c->line_len += (int)take;
      line = c->line;
      line_len = c->line_len;
    }
    p += take;
    n -= take;
    if (!newline) return;
    c->line_len = 0;
    line_len--;
    if (line_len > 0 && line[line_len - 1] == '\r') line_len--;
    nats_line(c, line, line_len);
  }
}

static void websocket_control(struct conn *c) {
  if (c->opcode == 9) {
    total_pings++;
    send_frame(c, 10, c->control, (size_t)c->control_len);
  } else if (c->opcode == 8) {
    send_frame(c, 8, c->control, (size_t)c->control_len);
    close_conn(c);
  }
}

/* 2, 4 or 10, as far as it is known. */
static inline int header_bytes(const struct conn *c) {
  int code = c->header_len >= 2 ? c->header[1] & 0x7f : 0;
  return code == 126 ? 4 : code == 127 ? 10 : 2;
}

static void websocket(struct conn *c, const char *p, size_t n) {
  while (n > 0 && c->state != CLOSED) {
    if (!c->in_frame) {
      /* Its own second byte says how long the header is; it may come in any pieces. */
      int need = header_bytes(c);
      while (n > 0 && c->header_len < need) {
        c->header[c->header_len++] = (uint8_t)*p++;
        n--;
        need = header_bytes(c);
      }
      if (c->header_len < need) return;
      if (c->header[1] & 0x80) fail("the server sent a masked frame", c);
      c->remaining = c->header[1] & 0x7f;
      if (need > 2) {
        c->remaining = 0;
        for (int i = 2; i < need; i++) c->remaining = c->remaining << 8 | c->header[i];
      }
      c->opcode = c->header[0] & 0x0f;
      if (c->opcode >= 8 && c->remaining > sizeof c->control) fail("a control frame is over 125 bytes", c);
      c->header_len = 0;
      c->control_len = 0;
      c->in_frame = true;
      c->events_before = c->events;
    }
    size_t take = c->remaining < n ? (size_t)c->remaining : n;
    if (c->opcode >= 8) {
      memcpy(c->control + c->control_len, p, take);
      c->control_len += (int)take;
    } else if (opt.mode == MODE_NATSWS) {
      nats(c, p, take);
    } else {
      scan(c, p, take);
    }
    p += take;
    n -= take;
    c->remaining -= take;
    if (c->remaining == 0) {
      c->in_frame = false;
      if (c->opcode >= 8) websocket_control(c);
      else if (opt.mode == MODE_WS && c->events == c->events_before && c->carry_len == 0) total_other++; /* a gap, say */
    }
  }
}

static void chunked(struct conn *c, const char *p, size_t n) {
  while (n > 0) {
    if (c->chunk == CHUNK_DATA) {
      size_t take = c->remaining < n ? (size_t)c->remaining : n;
      scan(c, p, take);
      p += take;
      n -= take;
      c->remaining -= take;
      if (c->remaining == 0) c->chunk = CHUNK_END;
      continue;
    }
    char byte = *p++;
    n--;
    if (byte == '\r') continue;
    if (c->chunk == CHUNK_END) { /* the line end behind the data */
      if (byte != '\n') fail("a chunk does not end where it said", c);
      c->chunk = CHUNK_SIZE;
      c->line_len = 0;
    } else if (byte != '\n') {
      if (c->line_len == LINE_BYTES - 1) fail("a chunk's size line is over 4 KB", c);
      c->line[c->line_len++] = byte;
    } else {
      c->line[c->line_len] = 0;
      c->remaining = strtoull(c->line, NULL, 16);
      c->line_len = 0;
      if (c->remaining == 0) {
        close_conn(c); /* the last chunk: the server has ended the stream */
        return;
      }
      c->chunk = CHUNK_DATA;
    }
  }
}

static void body(struct conn *c, const char *p, size_t n) {
  if (opt.mode != MODE_SSE) websocket(c, p, n);
  else if (c->chunked) chunked(c, p, n);
  else scan(c, p, n);
}

/* Collects the response head; what follows it in the same read is body. */
static void head(struct conn *c, const char *p, size_t n) {
  while (n > 0) {
    if (c->line_len == LINE_BYTES - 1) fail("the response head is over 4 KB", c);
    c->line[c->line_len++] = *p++;
    n--;
    if (c->line_len < 4 || memcmp(c->line + c->line_len - 4, "\r\n\r\n", 4) != 0) continue;
    c->line[c->line_len] = 0;
    const char *want = opt.mode == MODE_SSE ? "HTTP/1.1 200" : "HTTP/1.1 101";
    if (strncmp(c->line, want, strlen(want)) != 0) {
      fprintf(stderr, "readers: connection %d: wanted %s, got %.*s\n", (int)(c - conns), want,
              (int)strcspn(c->line, "\r"), c->line);
      exit(1);
    }
    c->chunked = strcasestr(c->line, "transfer-encoding: chunked") != NULL;
    c->line_len = 0;
    if (opt.mode == MODE_NATSWS) {
      c->state = GREETING;
      greet_nats(c);
    } else {
      mark_open(c);
    }
    if (n > 0) body(c, p, n);
    return;
  }
}

/* ---- the loop ------------------------------------------------------------------------------------------------------------ */

static void open_next(void) {
  struct conn *c = &conns[next_to_open++];
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) fail(strerror(errno), c);
  int on = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port)};
  if (inet_pton(AF_INET, opt.host, &address.sin_addr) != 1) fail("--host takes an IPv4 address", NULL);
  if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) fail(strerror(errno), c);
  c->state = CONNECTING;
  opening++;
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

static void on_connected(struct conn *c) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error) fail(strerror(error), c);
  c->state = HEAD;
  send_request(c);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

static void on_readable(struct conn *c) {
  static char buffer[RECV_BYTES];
  ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    if (c->state != OPEN) fail(n == 0 ? "closed during the handshake" : strerror(errno), c);
    close_conn(c);
    return;
  }
  total_reads++;
  total_bytes += (uint64_t)n;
  if (c->sampled) now_ns = clock_ns(CLOCK_MONOTONIC);
  if (c->state == HEAD) head(c, buffer, (size_t)n);
  else body(c, buffer, (size_t)n);
}

static struct reading read_totals(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (struct reading){
      .at_ns = clock_ns(CLOCK_MONOTONIC),
      .cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
      .events = total_events,
      .bytes = total_bytes,
      .reads = total_reads,
  };
}

static void print_totals(const char *type) {
  uint64_t least = UINT64_MAX, most = 0;
  for (int i = 0; i < opt.connections; i++) {
    if (conns[i].events < least) least = conns[i].events;
    if (conns[i].events > most) most = conns[i].events;
  }
  struct reading total = read_totals();
  struct reading from = window_open || window_closed ? window_start : (struct reading){.at_ns = window_start.at_ns};
  struct reading to = window_closed ? window_stop : total;
  printf("{\"type\":\"%s\",\"connections\":%d,\"closed\":%d,\"events\":%llu,\"expected\":%llu,\"least\":%llu,\"most\":%llu,"
         "\"bytes\":%llu,\"reads\":%llu,\"other_frames\":%llu,\"pings\":%llu,\"sampled\":%llu,\"gaps\":%llu,\"repeats\":%llu,"
         "\"cpu_s\":%.4f,"
         "\"window\":{\"seconds\":%.4f,\"events\":%llu,\"bytes\":%llu,\"reads\":%llu,\"cpu_s\":%.4f},"
         "\"latency_ms\":{\"count\":%llu,\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}}\n",
         type, opened, closed_count, (unsigned long long)total_events, (unsigned long long)opt.expected,
         (unsigned long long)least, (unsigned long long)most, (unsigned long long)total_bytes,
         (unsigned long long)total_reads, (unsigned long long)total_other, (unsigned long long)total_pings,
         (unsigned long long)total_sampled, (unsigned long long)total_gaps, (unsigned long long)total_repeats,
         total.cpu_s, (double)(to.at_ns - from.at_ns) / 1e9, (unsigned long long)(to.events - from.events),
         (unsigned long long)(to.bytes - from.bytes), (unsigned long long)(to.reads - from.reads), to.cpu_s - from.cpu_s,
         (unsigned long long)latency.count, latency.count ? latency.sum_us / (double)latency.count / 1000 : 0.0,
         quantile_ms(&latency, 0.5), quantile_ms(&latency, 0.9), quantile_ms(&latency, 0.99),
         (double)latency.max_us / 1000);
  fflush(stdout);
}

static void on_command(const char *command) {
  if (strcmp(command, "start") == 0) {
    memset(&latency, 0, sizeof latency);
    window_start = read_totals();
    window_open = true;
    window_closed = false;
  } else if (strcmp(command, "stop") == 0 && window_open) {
    window_stop = read_totals();
    window_open = false;
    window_closed = true;
  } else if (strcmp(command, "read") == 0 && opt.stuck) {
    opt.stuck = false;
    for (int i = 0; i < opt.connections; i++) {
      struct epoll_event event = {.events = EPOLLIN, .data.ptr = &conns[i]};
      if (conns[i].state == OPEN) epoll_ctl(epoll_fd, EPOLL_CTL_ADD, conns[i].fd, &event);
    }
  }
  print_totals("count"); /* every command is answered, so that the other side knows when it took effect */
}

static void on_stdin(void) {
  static char text[1024];
  static size_t len;
  ssize_t n = read(0, text + len, sizeof text - len);
  if (n <= 0 || len + (size_t)n == sizeof text) {
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, 0, NULL);
    return;
  }
  len += (size_t)n;
  for (char *newline; (newline = memchr(text, '\n', len));) {
    *newline = 0;
    on_command(text);
    size_t used = (size_t)(newline - text) + 1;
    memmove(text, text + used, len - used);
    len -= used;
  }
}

static void on_signal(int signal) {
  (void)signal;
  stopping = 1;
}

static void usage(void) {
  fprintf(stderr,
          "usage: readers --mode sse|ws|natsws --port N [--host IPV4] [--connections N] [--path P]... [--paths-file F]\n"
          "               [--header 'Name: value']... [--user U --pass P --subject S] [--seconds N] [--nap-us N]\n"
          "               [--samples N] [--expected N] [--stuck]\n"
          "Several paths are given to the connections in turn. See the head of readers.c.\n");
  exit(2);
}

static void read_paths(const char *file) {
  FILE *in = fopen(file, "r");
  if (!in) fail("the file of paths cannot be opened", NULL);
  char line[LINE_BYTES];
  while (fgets(line, sizeof line, in)) {
    line[strcspn(line, "\r\n")] = 0;
    if (line[0] && opt.path_count < MAX_PATHS) opt.paths[opt.path_count++] = strdup(line);
  }
  fclose(in);
}

static void read_options(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    const char *name = argv[i];
    if (strcmp(name, "--stuck") == 0) {
      opt.stuck = true;
      continue;
    }
    if (i + 1 >= argc) usage();
    const char *value = argv[++i];
    if (strcmp(name, "--mode") == 0) {
      if (strcmp(value, "sse") == 0) opt.mode = MODE_SSE;
      else if (strcmp(value, "ws") == 0) opt.mode = MODE_WS;
      else if (strcmp(value, "natsws") == 0) opt.mode = MODE_NATSWS;
      else usage();
    } else if (strcmp(name, "--host") == 0) opt.host = value;
    else if (strcmp(name, "--port") == 0) opt.port = atoi(value);
    else if (strcmp(name, "--connections") == 0) opt.connections = atoi(value);
    else if (strcmp(name, "--seconds") == 0) opt.seconds = atof(value);
    else if (strcmp(name, "--nap-us") == 0) opt.nap_us = atoi(value);
    else if (strcmp(name, "--samples") == 0) opt.samples = atoi(value);
    else if (strcmp(name, "--expected") == 0) opt.expected = strtoull(value, NULL, 10);
    else if (strcmp(name, "--path") == 0 && opt.path_count < MAX_PATHS) opt.paths[opt.path_count++] = value;
    else if (strcmp(name, "--paths-file") == 0) read_paths(value);
    else if (strcmp(name, "--header") == 0 && opt.header_count < MAX_HEADERS) opt.headers[opt.header_count++] = value;
    else if (strcmp(name, "--user") == 0) opt.user = value;
    else if (strcmp(name, "--pass") == 0) opt.pass = value;
    else if (strcmp(name, "--subject") == 0) opt.subject = value;
    else usage();
  }
  if (opt.port <= 0 || opt.connections <= 0) usage();
  if (opt.path_count == 0) opt.paths[opt.path_count++] = "/";
}

static void raise_file_limit(void) {
  struct rlimit limit;
  rlim_t need = (rlim_t)opt.connections + 32;
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= need) return;
  limit.rlim_cur = need;
  if (limit.rlim_max < need) limit.rlim_max = need;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0) fail("the limit of open files is too low for so many connections (ulimit -n)", NULL);
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  raise_file_limit();
  prctl(PR_SET_PDEATHSIG, SIGTERM); /* a bench that is killed leaves no readers behind */
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);

  conns = calloc((size_t)opt.connections, sizeof *conns);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (!conns || epoll_fd < 0) fail(strerror(errno), NULL);
  for (int i = 0; i < opt.samples && i < opt.connections; i++) {
    conns[opt.samples >= opt.connections ? i : (int)((int64_t)i * opt.connections / opt.samples)].sampled = true;
  }
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &input); /* fails on a file or /dev/null: then there are no commands */

  int64_t begun = clock_ns(CLOCK_MONOTONIC), ready_at = 0;
  window_start.at_ns = begun;
  static struct epoll_event events[2048];
  while (!stopping && closed_count < opt.connections) {
    while (next_to_open < opt.connections && opening < OPENING_AT_ONCE) open_next();
    int n = epoll_wait(epoll_fd, events, 2048, 200);
    for (int i = 0; i < n; i++) {
      struct conn *c = events[i].data.ptr;
      if (!c) on_stdin();
      else if (c->state == CONNECTING) on_connected(c);
      else if (c->state != CLOSED) on_readable(c);
    }
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    if (ready_at == 0) {
      if (opened == opt.connections) {
        ready_at = now;
        print_totals("ready");
      } else if (now - begun > HANDSHAKE_NS) {
        fail("not every connection was open after 20 s", NULL);
      }
    } else {
      if (opt.seconds > 0 && now - ready_at > (int64_t)(opt.seconds * 1e9)) break;
      if (opt.nap_us > 0) usleep((useconds_t)opt.nap_us);
    }
  }
  print_totals("result");
  return 0;
}
