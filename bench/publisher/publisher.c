/*
 * publisher: the load of the bench. Sends Fly log envelopes of about 340 bytes to NATS (`PUB logs.<app>.<region>.<machine>`),
 * or as POST requests to an nchan publisher location, at a steady rate or as fast as they are taken.
 *
 * Payloads
 *   2,000 of them are made up at start from --seed and sent in turn: access lines, logfmt, JSON and plain words from eight apps,
 *   in the shapes that real apps print. Each carries the mark of marker.h once, and one of the words w0 to w9: exactly a
 *   tenth of any 2,000 events in a row has w3. Filters of a known selectivity are built on that; `by_word` in the result says
 *   how many of each were sent. Mark and time stamp are written over the copy at the moment of sending.
 *
 * Rate
 *   Every millisecond the events that are due go out in one write, which is how a bus of busy machines behaves: even, in
 *   small bursts. The schedule is absolute: after a delay the missing events follow at once, and `late_ms` says how far behind
 *   it was at worst. The mark holds the time of sending, not of the schedule.
 *   With --count and no --rate all events go out at once, as fast as the server takes them.
 *
 * nchan
 *   Requests are pipelined on --connections keep-alive connections, at most 32 unanswered on each. Order across connections
 *   is not kept, therefore order is only checked by readers of the other servers.
 *
 * The last word of NATS is awaited (PING, PONG), so what `sent` counts was taken by the server. Ends early on SIGTERM.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../marker.h"

#define POOL 2000
#define WORDS 10
#define WIRE_MAX 1024
#define OUT_BYTES (256 * 1024)
#define BURST_EVENTS 256 /* events in one write when there is no rate */
#define IN_FLIGHT 32     /* nchan: its answers of some 200 bytes stay far below a socket buffer, so a blocking send cannot lock up */
#define MAX_CONNECTIONS 64
#define TIME_LEN 30 /* 2026-11-20T10:15:02.252022967Z */

static struct {
  const char *host, *user, *pass, *path;
  int port, connections;
  bool nchan;
  double rate, seconds;
  uint64_t count;
  unsigned seed;
} opt = {.host = "127.0.0.1", .path = "/pub", .connections = 8, .seconds = 10, .seed = 1};

/* One prepared event: everything that goes over the wire, and where the changing parts lie in it. */
struct event {
  char wire[WIRE_MAX];
  int len, mark_at, time_at, payload_len;
};

static struct event pool[POOL];
static uint64_t by_word[WORDS], refused;
static volatile sig_atomic_t stopping;

static void fail(const char *what) {
  fprintf(stderr, "publisher: %s\n", what);
  exit(1);
}

/* ---- payloads ------------------------------------------------------------------------------------------------------------ */

static uint32_t random_state;

static uint32_t pick(uint32_t below) { /* xorshift32: the same load for the same seed everywhere */
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state % below;
}

static void make_event(struct event *e, int index) {
  static const char *const apps[] = {"shop-web", "shop-api", "shop-worker", "shop-search", "shop-auth", "shop-mail", "shop-admin", "shop-edge"};
  static const char *const regions[] = {"iad", "fra", "syd", "gru"};
  static const char *const levels[] = {"info", "info", "info", "info", "info", "info", "debug", "debug", "warn", "error"};
  static const char *const paths[] = {"/api/orders", "/api/users", "/cart", "/checkout/confirm", "/static/app.js", "/search"};
  static const char *const nouns[] = {"order", "payment", "session", "invoice", "job", "cache", "upload", "webhook"};
  static const char *const verbs[] = {"accepted", "retried", "stored", "expired", "queued", "refused", "sent", "dropped"};
  static const int statuses[] = {200, 200, 200, 200, 201, 204, 304, 404, 499, 500};
  const char *const mark = MARK_TAG "0000000000000000000.0000000000";

  const char *app = apps[pick(8)], *region = regions[pick(4)], *level = levels[pick(10)], *path = paths[pick(6)];
  const char *noun = nouns[pick(8)], *verb = verbs[pick(8)];
  int word = index % WORDS, status = statuses[pick(10)], ms = (int)pick(900) + 1, user = (int)pick(90000) + 10000;
  char machine[16], request[16], message[512];
  snprintf(machine, sizeof machine, "4d89%06x%04x", (unsigned)pick(0xffffff), (unsigned)pick(0xffff));
  snprintf(request, sizeof request, "%06x%06x", (unsigned)pick(0xffffff), (unsigned)pick(0xffffff));

  switch (pick(10)) {
  case 0: /* pino: JSON in the message, its quotes escaped */
  case 1:
    snprintf(message, sizeof message,
             "{\\\"level\\\":%d,\\\"time\\\":1795169704113,\\\"pid\\\":314,\\\"msg\\\":\\\"%s %s w%d\\\",\\\"user\\\":%d,\\\"req\\\":\\\"%s\\\",\\\"trace\\\":\\\"%s\\\"}",
             level[0] == 'e' ? 50 : level[0] == 'w' ? 40 : level[0] == 'd' ? 20 : 30, noun, verb, word, user, request, mark);
    break;
  case 2: /* logfmt */
  case 3:
    snprintf(message, sizeof message, "level=%s msg=\\\"%s %s\\\" tag=w%d user=%d status=%d duration=%dms req=%s trace=%s", level, noun, verb, word,
             user, status, ms, request, mark);
    break;
  case 4: /* a leading word for the level */
    snprintf(message, sizeof message, "%s %s %s for user %d after %d ms, shard w%d of the ring, request %s, trace %s",
             level[0] == 'e' ? "ERROR" : level[0] == 'w' ? "WARN" : "INFO", noun, verb, user, ms, word, request, mark);
    break;
  default: /* an access line */
    snprintf(message, sizeof message, "10.0.%u.%u GET %s?user=%d %d %dms w%d upstream=%s req=%s trace=%s", (unsigned)pick(255), (unsigned)pick(255),
             path, user, status, ms, word, noun, request, mark);
  }

  char payload[WIRE_MAX];
  e->payload_len = snprintf(payload, sizeof payload,
                            "{\"event\":{\"provider\":\"app\"},\"fly\":{\"app\":{\"instance\":\"%s\",\"name\":\"%s\"},\"region\":\"%s\"},"
                            "\"host\":\"f4%02x\",\"log\":{\"level\":\"%s\"},\"message\":\"%s\",\"timestamp\":\"2026-11-20T10:15:02.252022967Z\"}",
                            machine, app, region, (unsigned)pick(256), level, message);
  if (opt.nchan) {
    e->len = snprintf(e->wire, sizeof e->wire, "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n%s", opt.path, e->payload_len, payload);
  } else {
    e->len = snprintf(e->wire, sizeof e->wire, "PUB logs.%s.%s.%s %d\r\n%s\r\n", app, region, machine, e->payload_len, payload);
  }
  if (e->len >= WIRE_MAX) fail("an event is over 1 KB");
  e->mark_at = (int)(strstr(e->wire, MARK_TAG) - e->wire);
  e->time_at = (int)(strstr(e->wire, "2026-11-20T10:15:02") - e->wire);
}

/* The time of sending in both spellings; made once a burst. */
static char now_mark[MARK_TIME_LEN], now_time[TIME_LEN + 1];

static void read_clock(void) {
  static time_t second;
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (t.tv_sec != second) {
    struct tm utc;
    second = t.tv_sec;
    gmtime_r(&second, &utc);
    strftime(now_time, sizeof now_time, "%Y-%m-%dT%H:%M:%S.", &utc);
    now_time[TIME_LEN - 1] = 'Z';
  }
  write_digits(now_time + 20, 9, (uint64_t)t.tv_nsec);
  write_digits(now_mark, MARK_TIME_LEN, (uint64_t)clock_ns(CLOCK_MONOTONIC));
}

static int put_event(char *out, uint64_t seq) {
  const struct event *e = &pool[seq % POOL];
  memcpy(out, e->wire, (size_t)e->len);
  memcpy(out + e->mark_at + MARK_TAG_LEN, now_mark, MARK_TIME_LEN);
  write_digits(out + e->mark_at + MARK_SEQ_AT, MARK_SEQ_LEN, seq);
  memcpy(out + e->time_at, now_time, TIME_LEN);
  by_word[seq % POOL % WORDS]++;
  return e->len;
}

/* ---- connections --------------------------------------------------------------------------------------------------------- */

struct conn {
  int fd;
  int in_flight;
  int matched; /* how much of "HTTP/1.1 " the bytes read so far end with */
};

static struct conn conns[MAX_CONNECTIONS];

static int dial(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port)};
  if (inet_pton(AF_INET, opt.host, &address.sin_addr) != 1) fail("--host takes an IPv4 address");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail(strerror(errno));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void send_all(int fd, const char *data, size_t n) {
  while (n > 0) {
    ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) fail("the server has closed the connection");
    data += sent;
    n -= (size_t)sent;
  }
}

/* NATS: reads what the server says, answers PING, ends on -ERR. With `until` it blocks until that has been said. */
static void nats_hear(int fd, const char *until) {
  static char text[8192];
  static size_t len;
  for (;;) {
    ssize_t n = recv(fd, text + len, sizeof text - 1 - len, until ? 0 : MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) fail("the server has closed the connection");
    len += (size_t)n;
    text[len] = 0;
    char *line = text;
    bool heard = false;
    for (char *end; (end = strstr(line, "\r\n")); line = end + 2) {
      *end = 0;
      if (strcmp(line, "PING") == 0) send_all(fd, "PONG\r\n", 6);
      else if (strncmp(line, "-ERR", 4) == 0) fail(line);
      else if (until && strncmp(line, until, strlen(until)) == 0) heard = true;
    }
    len = (size_t)(text + len - line);
    memmove(text, line, len);
    if (heard) return;
  }
}

static void nats_open(int fd) {
  char hello[1024];
  nats_hear(fd, "INFO");
  int n = snprintf(hello, sizeof hello,
                   "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"1\",\"user\":\"%s\",\"pass\":\"%s\"}\r\nPING\r\n",
                   opt.user ? opt.user : "", opt.pass ? opt.pass : "");
  send_all(fd, hello, (size_t)n);
  nats_hear(fd, "PONG");
}

/* nchan: counts the answers that have come; anything but 2xx is `refused`. */
static void http_hear(struct conn *c) {
  static const char start[] = "HTTP/1.1 ";
  char text[16384];
  ssize_t n = recv(c->fd, text, sizeof text, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) fail("the server has closed the connection");
  for (ssize_t i = 0; i < n; i++) {
    if (c->matched == (int)sizeof start - 1) {
      c->in_flight--;
      if (text[i] != '2') refused++;
      c->matched = 0;
    } else {
      c->matched = text[i] == start[c->matched] ? c->matched + 1 : text[i] == 'H';
    }
  }
}

static void http_wait(int timeout_ms) {
  struct pollfd polls[MAX_CONNECTIONS];
  for (int i = 0; i < opt.connections; i++) polls[i] = (struct pollfd){.fd = conns[i].fd, .events = POLLIN};
  if (poll(polls, (nfds_t)opt.connections, timeout_ms) <= 0) return;
  for (int i = 0; i < opt.connections; i++)
    if (polls[i].revents) http_hear(&conns[i]);
}

/* ---- sending ------------------------------------------------------------------------------------------------------------- */

static char out[OUT_BYTES];

static void publish(uint64_t from, uint64_t n) {
  static int turn;
  read_clock();
  if (!opt.nchan) {
    size_t len = 0;
    for (uint64_t i = 0; i < n; i++) {
      if (len > OUT_BYTES - WIRE_MAX) {
        send_all(conns[0].fd, out, len);
        len = 0;
      }
      len += (size_t)put_event(out + len, from + i);
    }
    send_all(conns[0].fd, out, len);
    return;
  }
  for (uint64_t i = 0; i < n && !stopping; i++) {
    int tried = 0;
    while (conns[turn].in_flight >= IN_FLIGHT) {
      turn = (turn + 1) % opt.connections;
      if (++tried % opt.connections == 0) http_wait(100);
      if (stopping) return;
    }
    send_all(conns[turn].fd, out, (size_t)put_event(out, from + i));
    conns[turn].in_flight++;
    turn = (turn + 1) % opt.connections;
  }
}

static void on_signal(int signal) {
  (void)signal;
  stopping = 1;
}

static void usage(void) {
  fprintf(stderr, "usage: publisher --port N [--host IPV4] [--user U --pass P] [--rate PER_SECOND --seconds S | --count N] [--seed N]\n"
                  "                 [--nchan --path P --connections N]\nSee the head of publisher.c.\n");
  exit(2);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    const char *name = argv[i];
    if (strcmp(name, "--nchan") == 0) {
      opt.nchan = true;
      continue;
    }
    if (i + 1 >= argc) usage();
    const char *value = argv[++i];
    if (strcmp(name, "--host") == 0) opt.host = value;
    else if (strcmp(name, "--port") == 0) opt.port = atoi(value);
    else if (strcmp(name, "--user") == 0) opt.user = value;
    else if (strcmp(name, "--pass") == 0) opt.pass = value;
    else if (strcmp(name, "--rate") == 0) opt.rate = atof(value);
    else if (strcmp(name, "--seconds") == 0) opt.seconds = atof(value);
    else if (strcmp(name, "--count") == 0) opt.count = strtoull(value, NULL, 10);
    else if (strcmp(name, "--seed") == 0) opt.seed = (unsigned)atoi(value);
    else if (strcmp(name, "--path") == 0) opt.path = value;
    else if (strcmp(name, "--connections") == 0) opt.connections = atoi(value);
    else usage();
  }
  if (opt.port <= 0 || (opt.rate <= 0 && opt.count == 0) || opt.connections < 1 || opt.connections > MAX_CONNECTIONS) usage();
  if (!opt.nchan) opt.connections = 1;
  if (opt.count == 0) opt.count = (uint64_t)(opt.rate * opt.seconds + 0.5);

  prctl(PR_SET_PDEATHSIG, SIGTERM);
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);

  random_state = opt.seed * 2654435761u | 1;
  uint64_t payload_bytes = 0;
  for (int i = 0; i < POOL; i++) {
    make_event(&pool[i], i);
    payload_bytes += (uint64_t)pool[i].payload_len;
  }
  for (int i = 0; i < opt.connections; i++) conns[i].fd = dial();
  if (!opt.nchan) nats_open(conns[0].fd);

  uint64_t sent = 0;
  int64_t begun = clock_ns(CLOCK_MONOTONIC), worst_late_ns = 0;
  for (int64_t tick = 0; sent < opt.count && !stopping; tick++) {
    uint64_t due = opt.count < sent + BURST_EVENTS ? opt.count : sent + BURST_EVENTS;
    if (opt.rate > 0) {
      int64_t at = begun + tick * 1000000;
      struct timespec until = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
      due = (uint64_t)(opt.rate * (double)(tick + 1) / 1000);
      if (due > opt.count) due = opt.count;
      int64_t late = clock_ns(CLOCK_MONOTONIC) - at;
      if (late > worst_late_ns) worst_late_ns = late;
    }
    if (due > sent) publish(sent, due - sent);
    sent = due;
    if (opt.nchan) http_wait(0);
    else if (tick % 64 == 0) nats_hear(conns[0].fd, NULL);
  }
  double sending_s = (double)(clock_ns(CLOCK_MONOTONIC) - begun) / 1e9;
  if (opt.nchan) {
    int64_t give_up = clock_ns(CLOCK_MONOTONIC) + 20LL * 1000000000;
    for (int i = 0; i < opt.connections; i++)
      while (conns[i].in_flight > 0 && clock_ns(CLOCK_MONOTONIC) < give_up) http_wait(100);
  } else {
    send_all(conns[0].fd, "PING\r\n", 6);
    nats_hear(conns[0].fd, "PONG");
  }

  struct rusage usage_now;
  getrusage(RUSAGE_SELF, &usage_now);
  printf("{\"type\":\"published\",\"sent\":%llu,\"refused\":%llu,\"seconds\":%.4f,\"payload_bytes\":%.0f,\"late_ms\":%.2f,\"cpu_s\":%.4f,\"by_word\":[",
         (unsigned long long)sent, (unsigned long long)refused, sending_s, (double)payload_bytes / POOL, (double)worst_late_ns / 1e6,
         (double)(usage_now.ru_utime.tv_sec + usage_now.ru_stime.tv_sec) + (double)(usage_now.ru_utime.tv_usec + usage_now.ru_stime.tv_usec) / 1e6);
  for (int i = 0; i < WORDS; i++) printf("%s%llu", i ? "," : "", (unsigned long long)by_word[i]);
  printf("]}\n");
  return 0;
}
