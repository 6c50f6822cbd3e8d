/*
 * Preloaded into a process, writes one totally ordered trace of all that the process does to the files below
 * RELAIS_TRACE_ROOT: opens, writes with their bytes, truncates, renames, unlinks, directories, and begin and end of
 * every flush. Between the two nothing is certain yet. A file called "promises" holds what the process says outside.
 * With RELAIS_TRACE_PORT also every byte that it gives to a TCP connection to that port, in the same order.
 *
 * One event: op u8, fd or 0 i32, offset or size or flag u64, length u32, bytes. Little-endian, as the machine is.
 * A write is noted before it is done, for it may reach the medium from then on; a flush ends after it returned.
 * Left out: mmap, splice, asynchronous I/O, *at calls on a directory's descriptor, a lone dup. The judge compares the
 * files of the replayed trace with the real ones, so that a call that was left out and is used after all shows.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { OPEN = 1, WRITE, TRUNCATE, FLUSH, FLUSHED, RENAME, UNLINK, MKDIR, CLOSE, CONNECT, SEND };
enum { CREATED = 1, EMPTIED = 2 };
#define FDS 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char root[PATH_MAX];
static size_t root_length;
static unsigned char watched[FDS];
static unsigned char wired[FDS];

#define REAL(type, name, ...)                                   \
  static type (*real)(__VA_ARGS__);                             \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t plain_write(int fd, const void *bytes, size_t length) {
  REAL(ssize_t, write, int, const void *, size_t);
  return real(fd, bytes, length);
}

static int plain_open(const char *path, int flags, mode_t mode) {
  REAL(int, open, const char *, int, ...);
  return real(path, flags, mode);
}

static void all(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t n = plain_write(trace, at, length);
    if (n <= 0) abort();
    at += n;
    length -= (size_t)n;
  }
}

__attribute__((constructor)) static void begin(void) {
  const char *where = getenv("RELAIS_TRACE_ROOT"), *file = getenv("RELAIS_TRACE");
  if (!where || !file) return;
  strncpy(root, where, sizeof root - 1);
  root_length = strlen(root);
  trace = plain_open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void note_held(uint8_t op, int32_t fd, uint64_t number, const void *bytes, uint32_t length) {
  unsigned char head[17];
  head[0] = op;
  memcpy(head + 1, &fd, 4);
  memcpy(head + 5, &number, 8);
  memcpy(head + 13, &length, 4);
  all(head, sizeof head);
  if (length > 0) all(bytes, length);
}

static void note(uint8_t op, int32_t fd, uint64_t number, const void *bytes, uint32_t length) {
  pthread_mutex_lock(&lock);
  note_held(op, fd, number, bytes, length);
  pthread_mutex_unlock(&lock);
}

static int inside(const char *path) {
  return trace >= 0 && path && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}
static int is_watched(int fd) { return trace >= 0 && fd >= 0 && fd < FDS && watched[fd]; }
static void note_path(uint8_t op, const char *path) { note(op, 0, 0, path, (uint32_t)strlen(path)); }

static int opened(int fd, const char *path, uint64_t flags) {
  if (fd < 0) return fd;
  if (fd >= FDS) abort();
  watched[fd] = 1;
  note(OPEN, fd, flags, path, (uint32_t)strlen(path));
  return fd;
}

static uint64_t before_open(const char *path, int flags) {
  struct stat found;
  int there = stat(path, &found) == 0;
  return (uint64_t)((!there && (flags & O_CREAT) ? CREATED : 0) | (there && (flags & O_TRUNC) ? EMPTIED : 0));
}

#define OPENER(name)                                            \
  int name(const char *path, int flags, ...) {                  \
    REAL(int, name, const char *, int, ...);                    \
    va_list rest;                                               \
    va_start(rest, flags);                                      \
    mode_t mode = (mode_t)va_arg(rest, int);                    \
    va_end(rest);                                               \
    if (!inside(path)) return real(path, flags, mode);          \
    uint64_t what = before_open(path, flags);                   \
    return opened(real(path, flags, mode), path, what);         \
  }
OPENER(open)
OPENER(open64)

#define OPENER_AT(name)                                         \
  int name(int directory, const char *path, int flags, ...) {   \
    REAL(int, name, int, const char *, int, ...);               \
    va_list rest;                                               \
    va_start(rest, flags);                                      \
    mode_t mode = (mode_t)va_arg(rest, int);                    \
    va_end(rest);                                               \
    if (!inside(path)) return real(directory, path, flags, mode); \
    uint64_t what = before_open(path, flags);                   \
    return opened(real(directory, path, flags, mode), path, what); \
  }
OPENER_AT(openat)
OPENER_AT(openat64)

#define WRITER(name, offset_t)                                  \
  ssize_t name(int fd, const void *bytes, size_t length, offset_t at) { \
    REAL(ssize_t, name, int, const void *, size_t, offset_t);   \
    if (is_watched(fd)) note(WRITE, fd, (uint64_t)at, bytes, (uint32_t)length); \
    return real(fd, bytes, length, at);                         \
  }
WRITER(pwrite, off_t)
WRITER(pwrite64, off64_t)

static uint64_t place(int fd) {
  struct stat found;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &found) == 0) return (uint64_t)found.st_size;
  return (uint64_t)lseek(fd, 0, SEEK_CUR);
}

static int is_wire(int fd) { return trace >= 0 && fd >= 0 && fd < FDS && wired[fd]; }

int connect(int fd, const struct sockaddr *to, socklen_t length) {
  REAL(int, connect, int, const struct sockaddr *, socklen_t);
  const char *port = getenv("RELAIS_TRACE_PORT");
  if (trace >= 0 && port && fd >= 0 && fd < FDS && to && to->sa_family == AF_INET &&
      ntohs(((const struct sockaddr_in *)to)->sin_port) == atoi(port)) {
    wired[fd] = 1;
    note(CONNECT, fd, 0, 0, 0);
  }
  return real(fd, to, length);
}

/* Nothing of another thread is noted between sending and noting what was taken: the order is the true one. */
static ssize_t send_parts(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  pthread_mutex_lock(&lock);
  ssize_t sent = real(fd, parts, count);
  int why = errno;
  size_t left = sent > 0 ? (size_t)sent : 0;
  for (int i = 0; i < count && left > 0; i++) {
    size_t taken = parts[i].iov_len < left ? parts[i].iov_len : left;
    note_held(SEND, fd, 0, parts[i].iov_base, (uint32_t)taken);
    left -= taken;
  }
  pthread_mutex_unlock(&lock);
  errno = why;
  return sent;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (is_wire(fd)) {
    struct iovec whole = {(void *)bytes, length};
    return send_parts(fd, &whole, 1);
  }
  if (is_watched(fd)) note(WRITE, fd, place(fd), bytes, (uint32_t)length);
  return plain_write(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (is_wire(fd)) return send_parts(fd, parts, count);
  if (is_watched(fd)) {
    uint64_t at = place(fd);
    for (int i = 0; i < count; i++) {
      note(WRITE, fd, at, parts[i].iov_base, (uint32_t)parts[i].iov_len);
      at += parts[i].iov_len;
    }
  }
  return real(fd, parts, count);
}

#define TRUNCATER(name, offset_t)                               \
  int name(int fd, offset_t size) {                             \
    REAL(int, name, int, offset_t);                             \
    if (is_watched(fd)) note(TRUNCATE, fd, (uint64_t)size, 0, 0); \
    return real(fd, size);                                      \
  }
TRUNCATER(ftruncate, off_t)
TRUNCATER(ftruncate64, off64_t)

/* RELAIS_FAIL_FLUSH=n: the n-th flush of a file fails, as the medium would, and makes nothing certain. */
static int fails(int fd) {
  static int count;
  const char *which = getenv("RELAIS_FAIL_FLUSH");
  struct stat found;
  if (!which || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return 0;
  return __sync_add_and_fetch(&count, 1) == atoi(which);
}

#define FLUSHER(name)                                           \
  int name(int fd) {                                            \
    REAL(int, name, int);                                       \
    int mine = is_watched(fd);                                  \
    if (mine) note(FLUSH, fd, 0, 0, 0);                         \
    if (mine && fails(fd)) {                                      \
      errno = EIO;                                              \
      return -1;                                                \
    }                                                           \
    int result = real(fd);                                      \
    if (mine && result == 0) note(FLUSHED, fd, 0, 0, 0);        \
    return result;                                              \
  }
FLUSHER(fsync)
FLUSHER(fdatasync)

int close(int fd) {
  REAL(int, close, int);
  if (is_wire(fd)) wired[fd] = 0;
  if (is_watched(fd)) {
    watched[fd] = 0;
    note(CLOSE, fd, 0, 0, 0);
  }
  return real(fd);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  if (inside(from)) {
    char both[2 * PATH_MAX];
    int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
    note(RENAME, 0, 0, both, (uint32_t)length);
  }
  return real(from, to);
}

#define NAMED(op, name)                                         \
  int name(const char *path) {                                  \
    REAL(int, name, const char *);                              \
    struct stat found;                                          \
    if (inside(path) && lstat(path, &found) == 0) note_path(op, path); \
    return real(path);                                          \
  }
NAMED(UNLINK, unlink)

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  struct stat found;
  if (inside(path) && lstat(path, &found) != 0) note_path(MKDIR, path);
  return real(path, mode);
}
