/* Records what a program does to the files below one directory, in the order in which it happened.
 *
 * Loaded before the C library (LD_PRELOAD). Every call that changes a file or makes a change durable is
 * done under one lock and then written to a stream, so that the stream is one true order of the run. Calls
 * that would change files in ways nobody here knows are recorded as strange: the reader stops there.
 *
 *   GONGJIAN_RECORDER_ROOT    the directory, canonical
 *   GONGJIAN_RECORDER_STREAM  where the records go
 *   GONGJIAN_RECORDER_NOTES   a file whose writes are recorded as notes
 *   GONGJIAN_RECORDER_ROOM    how many bytes may be written below the directory before the disk is full
 *
 * A record is five numbers of 8 bytes - kind, inode, offset, extra, length - and `length` bytes.
 * It does what it does through system calls and needs nothing of the library that it stands before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATED = 1, TRUNCATED = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *notes;
static int stream = -1;
static long room = -1;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("GONGJIAN_RECORDER_STREAM"), *bytes = getenv("GONGJIAN_RECORDER_ROOM");
    root = getenv("GONGJIAN_RECORDER_ROOT");
    notes = getenv("GONGJIAN_RECORDER_NOTES");
    if (bytes) room = atol(bytes);
    if (root && path) {
        stream = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (stream < 0) abort();
    }
}

static void put(const void *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = syscall(SYS_write, stream, bytes, length);
        if (n <= 0) abort(); /* A record with holes would prove nothing. */
        bytes = (const char *)bytes + n;
        length -= n;
    }
}

static void record(uint64_t kind, uint64_t inode, uint64_t offset, uint64_t extra, const void *bytes, uint64_t length) {
    uint64_t head[5] = {kind, inode, offset, extra, length};
    put(head, sizeof head);
    put(bytes, length);
}

static int below(const char *path) {
    size_t length = strlen(root);
    return !strncmp(path, root, length) && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file. */
static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* A path seen from a directory handle, made absolute. */
static void absolute(int at, const char *path, char *whole) {
    char from[PATH_MAX] = "";
    if (path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
        return;
    }
    if (at == AT_FDCWD) { if (!getcwd(from, sizeof from)) abort(); }
    else path_of(at, from);
    if (snprintf(whole, PATH_MAX, "%s/%s", from, path) >= PATH_MAX) abort();
}

/* The inode of an open file below the directory; 0 for every other file. */
static uint64_t watched(int fd, char *path) {
    struct stat status;
    if (stream < 0 || fd == stream || !path_of(fd, path) || !below(path) || fstat(fd, &status)) return 0;
    return status.st_ino;
}

#define HOLD pthread_mutex_lock(&lock)
#define DONE(result) do { int kept = errno; pthread_mutex_unlock(&lock); errno = kept; return result; } while (0)

/* --- opening --------------------------------------------------------------- */

static int open_at(int at, const char *path, int flags, mode_t mode) {
    if (stream < 0) return syscall(SYS_openat, at, path, flags, mode);
    HOLD;
    char whole[PATH_MAX];
    absolute(at, path, whole);
    struct stat status;
    int was = syscall(SYS_faccessat, AT_FDCWD, whole, F_OK) == 0;
    int fd = syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && below(whole) && !fstat(fd, &status) && S_ISREG(status.st_mode)) {
        uint64_t extra = (was ? 0 : CREATED) | (was && flags & O_TRUNC ? TRUNCATED : 0);
        if (extra) record('O', status.st_ino, 0, extra, whole, strlen(whole));
    }
    DONE(fd);
}

static mode_t mode_of(int flags, va_list list) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}
#define OPENS(name, LARGE) int name(const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); mode_t mode = mode_of(flags, list); va_end(list); \
    return open_at(AT_FDCWD, path, flags | LARGE, mode); }
#define OPENS_AT(name, LARGE) int name(int at, const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); mode_t mode = mode_of(flags, list); va_end(list); \
    return open_at(at, path, flags | LARGE, mode); }
OPENS(open, 0)
OPENS(open64, O_LARGEFILE)
OPENS_AT(openat, 0)
OPENS_AT(openat64, O_LARGEFILE)

/* --- writing --------------------------------------------------------------- */

/* Writes at `offset`, or where the file stands when that is -1. */
static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
    char path[PATH_MAX];
    if (stream < 0 || fd == stream)
        return offset < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
    HOLD;
    uint64_t inode = watched(fd, path);
    if (inode && room >= 0) {
        if (length > 0 && room == 0) { errno = ENOSPC; DONE(-1); }
        if (length > (size_t)room) length = room;
        room -= length;
    }
    ssize_t n = offset < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
    if (n > 0 && inode)
        record('W', inode, offset < 0 ? syscall(SYS_lseek, fd, 0, SEEK_CUR) - n : offset, 0, bytes, n);
    else if (n > 0 && notes && path_of(fd, path) && !strcmp(path, notes))
        record('N', 0, 0, 0, bytes, n);
    DONE(n);
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_at(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return write_at(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return write_at(fd, bytes, length, at); }

/* A short count is a right answer: the caller comes back with the rest. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    int first = 0;
    while (first + 1 < count && parts[first].iov_len == 0) first++;
    return count > 0 ? write_at(fd, parts[first].iov_base, parts[first].iov_len, -1) : 0;
}

static int truncate_to(int fd, off_t length) {
    char path[PATH_MAX];
    HOLD;
    uint64_t inode = watched(fd, path);
    int failed = syscall(SYS_ftruncate, fd, length);
    if (!failed && inode) record('T', inode, length, 0, "", 0);
    DONE(failed);
}
int ftruncate(int fd, off_t length) { return truncate_to(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_to(fd, length); }

/* --- making durable -------------------------------------------------------- */

static int sync_with(long call, uint64_t kind, int fd) {
    char path[PATH_MAX];
    HOLD;
    uint64_t inode = watched(fd, path);
    int failed = syscall(call, fd);
    if (!failed && inode) record(kind, inode, 0, 0, path, strlen(path));
    DONE(failed);
}
int fsync(int fd) { return sync_with(SYS_fsync, 'S', fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, 'D', fd); }

int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags) {
    char path[PATH_MAX];
    HOLD;
    uint64_t inode = watched(fd, path);
    int failed = syscall(SYS_sync_file_range, fd, offset, length, flags);
    if (!failed && inode) record('F', inode, offset, length, "", 0);
    DONE(failed);
}

/* --- names ----------------------------------------------------------------- */

static int name_at(uint64_t kind, long call, int at, const char *path, long argument) {
    HOLD;
    char whole[PATH_MAX];
    absolute(at, path, whole);
    int failed = syscall(call, at, path, argument);
    if (!failed && stream >= 0 && below(whole)) record(kind, 0, 0, 0, whole, strlen(whole));
    DONE(failed);
}
int mkdir(const char *path, mode_t mode) { return name_at('M', SYS_mkdirat, AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return name_at('M', SYS_mkdirat, at, path, mode); }
int unlink(const char *path) { return name_at('U', SYS_unlinkat, AT_FDCWD, path, 0); }
int rmdir(const char *path) { return name_at('U', SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) { return name_at('U', SYS_unlinkat, at, path, flags); }

int rename(const char *from, const char *to) {
    HOLD;
    char whole[2 * PATH_MAX], target[PATH_MAX];
    absolute(AT_FDCWD, from, whole);
    absolute(AT_FDCWD, to, target);
    int failed = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!failed && stream >= 0 && (below(whole) || below(target))) {
        size_t length = strlen(whole) + 1;
        strcpy(whole + length, target);
        record('R', 0, 0, 0, whole, length + strlen(target));
    }
    DONE(failed);
}

/* --- what nobody here knows ------------------------------------------------- */

static void strange(int fd, const char *what) {
    char path[PATH_MAX];
    HOLD;
    if (watched(fd, path)) record('?', 0, 0, 0, what, strlen(what));
    pthread_mutex_unlock(&lock);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    if (fd >= 0 && flags & MAP_SHARED && protection & PROT_WRITE) strange(fd, "mmap");
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
    return mmap(at, length, protection, flags, fd, offset);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    strange(fd, "fallocate");
    return syscall(SYS_fallocate, fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) ? errno : 0; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t length, unsigned flags) {
    strange(to, "copy_file_range");
    return syscall(SYS_copy_file_range, from, at, to, there, length, flags);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    strange(to, "sendfile");
    return syscall(SYS_sendfile, to, from, at, length);
}
ssize_t splice(int from, off64_t *at, int to, off64_t *there, size_t length, unsigned flags) {
    strange(to, "splice");
    return syscall(SYS_splice, from, at, to, there, length, flags);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return count > 0 ? write_at(fd, parts[0].iov_base, parts[0].iov_len, offset) : 0;
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }
