/* A disk that becomes read-only under a process that runs: loaded before it (LD_PRELOAD), as long as the file DISK_READ_ONLY is there,
 * what is below DISK_FOLDER can neither be opened for writing nor written to. What was opened stays open, as on a disk
 * that the kernel made read-only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_read_only(void) {
    const char *marker = getenv("DISK_READ_ONLY");
    int before = errno;
    int there = marker != NULL && access(marker, F_OK) == 0;
    errno = before;
    return there;
}

static int is_below(const char *path) {
    const char *folder = getenv("DISK_FOLDER");
    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_refused(int file) {
    char link[64];
    char path[4096];
    ssize_t length;
    int before = errno;
    if (!is_read_only()) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REFUSE_IF(condition) do { if (condition) { errno = EROFS; return -1; } } while (0)

ssize_t write(int file, const void *bytes, size_t count) {
    REFUSE_IF(is_refused(file));
    return NEXT(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    REFUSE_IF(is_refused(file));
    return NEXT(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    REFUSE_IF(is_refused(file));
    return NEXT(pwrite64)(file, bytes, count, at);
}

int ftruncate(int file, off_t length) {
    REFUSE_IF(is_refused(file));
    return NEXT(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length) {
    REFUSE_IF(is_refused(file));
    return NEXT(ftruncate64)(file, length);
}

int unlink(const char *path) {
    REFUSE_IF(is_below(path) && is_read_only());
    return NEXT(unlink)(path);
}

static int writes(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

#define OPEN(name)                                                                   \
    int name(const char *path, int flags, ...) {                                     \
        va_list more;                                                                \
        mode_t mode;                                                                 \
        va_start(more, flags);                                                       \
        mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;                    \
        va_end(more);                                                                \
        REFUSE_IF(writes(flags) && is_below(path) && is_read_only());                \
        return NEXT(name)(path, flags, mode);                                        \
    }

OPEN(open)
OPEN(open64)
