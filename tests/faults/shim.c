/* The only place that stands between a process and the system: loaded before the C library
 * (LD_PRELOAD), it lets a chosen call fail as a bad or full disk would, or ends the process there
 * by SIGKILL, or moves the clock. What it is to do stands in a file that all of the processes map;
 * tests/faults/shim.py writes it and must agree about `struct orders`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum action { NOTHING, KILL_BEFORE, KILL_HALFWAY, KILL_AFTER, FAIL, FAIL_HALFWAY };
enum kind { WRITES = 1, FLUSHES = 2, CUTS = 4, NAMES = 8, SENDS = 16 };

struct orders {
    _Atomic int32_t action;
    int32_t error;         /* errno of what fails */
    int32_t lasts;         /* fails from then on, not once */
    int32_t kinds;         /* which calls count */
    _Atomic int64_t left;  /* calls until it happens: 0 is the next */
    _Atomic int64_t seen;  /* calls that counted */
    _Atomic int64_t struck;/* how often it happened */
    int64_t clock_shift;   /* seconds added to the time of day */
    char under[256];       /* only files whose path begins so */
};

static struct orders *orders;

__attribute__((constructor)) static void map_orders(void) {
    const char *path = getenv("FAULTS_ORDERS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) orders = mapped;
    close(fd);
}

static int is_under(const char *path) {
    char full[PATH_MAX];
    if (path[0] != '/') {
        size_t length;
        if (!getcwd(full, sizeof full)) return 0;
        length = strlen(full);
        snprintf(full + length, sizeof full - length, "/%s", path);
        path = full;
    }
    return strncmp(path, orders->under, strlen(orders->under)) == 0;
}

static int is_file_under(int fd) {
    char name[32], path[PATH_MAX];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_under(path);
}

/* What happens at a call of this kind, about an open file or about a path. */
static enum action strike(enum kind kind, int fd, const char *path) {
    if (!orders || !orders->action || !(orders->kinds & kind)) return NOTHING;
    if (kind != SENDS && !(path ? is_under(path) : is_file_under(fd))) return NOTHING;
    atomic_fetch_add(&orders->seen, 1);
    int64_t left = atomic_fetch_sub(&orders->left, 1);
    if (left > 0 || (left < 0 && !orders->lasts)) return NOTHING;
    enum action action = orders->action;
    if (left < 0 && action == FAIL_HALFWAY) action = FAIL;
    atomic_fetch_add(&orders->struck, 1);
    return action;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* `whole` makes the call, `half` a part of it where it has parts; both give what the call gives. */
#define STRUCK(kind, fd, path, half, whole) \
    switch (strike(kind, fd, path)) { \
        case NOTHING: break; \
        case KILL_HALFWAY: (void)!(half); die(); break; \
        case KILL_AFTER: (void)!(whole); die(); break; \
        case KILL_BEFORE: die(); break; \
        case FAIL_HALFWAY: if (half_of > 0) return half; /* fall through */ \
        case FAIL: errno = orders->error; return -1; \
    } \
    return whole

#define WRITING(name, extra_declared, extra) \
    ssize_t name(int fd, const void *bytes, size_t size extra_declared) { \
        REAL(name); \
        size_t half_of = size / 2; \
        STRUCK(WRITES, fd, NULL, real(fd, bytes, half_of extra), real(fd, bytes, size extra)); \
    }
#define COMMA ,
WRITING(write, , )
WRITING(pwrite, COMMA off_t at, COMMA at)
WRITING(pwrite64, COMMA off64_t at, COMMA at)

#define WRITING_PARTS(name, extra_declared, extra) \
    ssize_t name(int fd, const struct iovec *parts, int many extra_declared) { \
        REAL(name); \
        int half_of = many / 2; \
        STRUCK(WRITES, fd, NULL, real(fd, parts, half_of extra), real(fd, parts, many extra)); \
    }
WRITING_PARTS(writev, , )
WRITING_PARTS(pwritev, COMMA off_t at, COMMA at)
WRITING_PARTS(pwritev64, COMMA off64_t at, COMMA at)

#define WHOLE(kind, name, declared, given, fd, path) \
    int name declared { \
        REAL(name); \
        const int half_of = 0; \
        STRUCK(kind, fd, path, 0, real given); \
    }
WHOLE(FLUSHES, fsync, (int fd), (fd), fd, NULL)
WHOLE(FLUSHES, fdatasync, (int fd), (fd), fd, NULL)
WHOLE(CUTS, ftruncate, (int fd, off_t size), (fd, size), fd, NULL)
WHOLE(CUTS, ftruncate64, (int fd, off64_t size), (fd, size), fd, NULL)
WHOLE(NAMES, unlink, (const char *path), (path), -1, path)
WHOLE(NAMES, mkdir, (const char *path, mode_t mode), (path, mode), -1, path)
WHOLE(NAMES, rename, (const char *from, const char *to), (from, to), -1, to)
WHOLE(NAMES, renameat, (int in, const char *from, int into, const char *to), (in, from, into, to), -1, to)
WHOLE(NAMES, link, (const char *from, const char *to), (from, to), -1, to)

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        const int half_of = 0; \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        /* A read-only disk refuses to open for writing; a full one, to make a file. */ \
        int counts = orders && orders->error == EROFS ? O_WRONLY | O_RDWR | O_CREAT : O_CREAT; \
        if (!(flags & counts)) return real(path, flags, mode); \
        STRUCK(NAMES, -1, path, 0, real(path, flags, mode)); \
    }
OPENING(open)
OPENING(open64)

/* A read-only disk says so when asked, also to root. */
int access(const char *path, int mode) {
    REAL(access);
    const int half_of = 0;
    if (!(mode & W_OK) || !orders || orders->error != EROFS) return real(path, mode);
    STRUCK(NAMES, -1, path, 0, real(path, mode));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
    REAL(send);
    size_t half_of = size / 2;
    STRUCK(SENDS, fd, NULL, real(fd, bytes, half_of, flags), real(fd, bytes, size, flags));
}

int clock_gettime(clockid_t which, struct timespec *now) {
    REAL(clock_gettime);
    int failed = real(which, now);
    if (!failed && orders && which == CLOCK_REALTIME) now->tv_sec += orders->clock_shift;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    REAL(gettimeofday);
    int failed = real(now, zone);
    if (!failed && orders) now->tv_sec += orders->clock_shift;
    return failed;
}

time_t time(time_t *kept) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept) *kept = now.tv_sec;
    return now.tv_sec;
}
