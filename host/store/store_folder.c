#include "host/store/store_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PRIVATE_FOLDER S_IRWXU
#define PRIVATE_FILE   (S_IRUSR | S_IWUSR)
#define OTHERS         (S_IRWXG | S_IRWXO)

#define LOOK_AGAIN_MS 10

#define WAL_FILE   STORE_FILE "-wal"
#define INDEX_FILE STORE_FILE "-shm"

static int open_folder(const char *folder)
{
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- the folder ----------------------------------------------------------------------------- */

/* A folder whose name is not on the disk yet would take all that is saved in it along. */
static void sync_parent(int folder)
{
    int parent = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return;
    fsync(parent);
    close(parent);
}

static bool is_of_the_store(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           strncmp(name, STORE_FILE, sizeof STORE_FILE - 1) == 0;
}

static bool holds_only_the_store(const char *folder)
{
    const struct dirent *entry;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return false;
    do
        entry = readdir(entries);
    while (entry != NULL && is_of_the_store(entry->d_name));
    closedir(entries);
    return entry == NULL;
}

static const char *close_to_others(const char *folder, int fd, mode_t mode,
                                   const struct observer *observer)
{
    if ((mode & S_IWOTH) != 0 || !holds_only_the_store(folder))
        return "the folder is open to other users and not only for this: give it one of its own, "
               "mode 0700";
    if (fchmod(fd, mode & PRIVATE_FOLDER) != 0)
        return strerror(errno);
    observer_log(observer, LEVEL_WARNING, "store",
                 "%s was open to other users (mode %04o); it is private now", folder,
                 (unsigned)(mode & 07777));
    return NULL;
}

static const char *check_folder(const char *folder, int fd, const struct observer *observer)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return strerror(errno);
    if (status.st_uid != geteuid())
        return "belongs to another user";
    return (status.st_mode & OTHERS) == 0 ? NULL
                                          : close_to_others(folder, fd, status.st_mode, observer);
}

const char *store_folder_prepare(const char *folder, const struct observer *observer)
{
    bool is_new = mkdir(folder, PRIVATE_FOLDER) == 0;
    if (!is_new && errno != EEXIST)
        return strerror(errno);
    if (is_new && chmod(folder, PRIVATE_FOLDER) != 0) /* whatever the umask took */
        return strerror(errno);
    int fd = open_folder(folder);
    if (fd < 0)
        return strerror(errno);
    if (is_new)
        sync_parent(fd);
    const char *why = check_folder(folder, fd, observer);
    close(fd);
    return why;
}

/* ---- the files ------------------------------------------------------------------------------ */

static const char *make_file(int folder)
{
    int file = openat(folder, STORE_FILE, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      PRIVATE_FILE);
    if (file >= 0)
        close(file);
    return file < 0 && errno != EEXIST ? strerror(errno) : NULL;
}

/* Without opening it: to close it again would end the locks that SQLite has on it. */
static const char *make_private(int folder, const char *name, const struct observer *observer)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? NULL : strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "not a regular file";
    if (status.st_uid != geteuid())
        return "belongs to another user";
    if ((status.st_mode & 07777) == PRIVATE_FILE)
        return NULL;
    if (fchmodat(folder, name, PRIVATE_FILE, 0) != 0)
        return errno == EROFS ? NULL : strerror(errno); /* the folder is private in any case */
    if ((status.st_mode & OTHERS) != 0)
        observer_log(observer, LEVEL_WARNING, "store",
                     "%s was open to other users (mode %04o); it is private now", name,
                     (unsigned)(status.st_mode & 07777));
    return NULL;
}

const char *store_folder_prepare_files(const char *folder, const struct observer *observer)
{
    static const char *const names[] = {STORE_FILE, WAL_FILE, INDEX_FILE};
    int fd = open_folder(folder);
    if (fd < 0)
        return strerror(errno);
    const char *why = make_file(fd);
    for (size_t i = 0; why == NULL && i < sizeof names / sizeof *names; i++)
        why = make_private(fd, names[i], observer);
    close(fd);
    return why;
}

static bool has_content(const char *folder, const char *name)
{
    struct stat status;
    int fd = open_folder(folder);
    if (fd < 0)
        return false;
    bool is_there = fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    close(fd);
    return is_there && S_ISREG(status.st_mode) && status.st_size > 0;
}

bool store_folder_has_file(const char *folder)
{
    return has_content(folder, STORE_FILE);
}

bool store_folder_is_settled(const char *folder)
{
    return !has_content(folder, WAL_FILE);
}

/* ---- setting aside -------------------------------------------------------------------------- */

#define ASIDE_BYTES 80

static void name_aside(char name[ASIDE_BYTES], const struct timespec *now, const char *suffix)
{
    char date[sizeof "20000101T000000"];
    struct tm utc;
    gmtime_r(&now->tv_sec, &utc);
    (void)strftime(date, sizeof date, "%Y%m%dT%H%M%S", &utc);
    snprintf(name, ASIDE_BYTES, STORE_FILE ".corrupt-%s.%06dZ%s", date, (int)(now->tv_nsec / 1000),
             suffix);
}

static int rename_aside(int folder, const char *from, const char *to)
{
    return renameat(folder, from, folder, to) == 0 || errno == ENOENT ? 0 : -1;
}

/* What is beside the file comes first: left alone, it would be taken for the new database's. */
static int set_aside(int folder, const struct observer *observer)
{
    char name[ASIDE_BYTES], wal_name[ASIDE_BYTES];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    name_aside(name, &now, "");
    name_aside(wal_name, &now, "-wal");
    if (rename_aside(folder, WAL_FILE, wal_name) != 0 ||
        (unlinkat(folder, INDEX_FILE, 0) != 0 && errno != ENOENT) ||
        rename_aside(folder, STORE_FILE, name) != 0)
        return -1;
    observer_log(observer, LEVEL_ERROR, "store",
                 STORE_FILE " is no database, or too damaged to be one: kept as "
                            "%s, and a new one is begun",
                 name);
    return 0;
}

const char *store_folder_set_aside(const char *folder, const struct observer *observer)
{
    int fd = open_folder(folder);
    if (fd < 0)
        return strerror(errno);
    const char *why = set_aside(fd, observer) == 0 ? NULL : strerror(errno);
    close(fd);
    return why;
}

/* ---- the lock ------------------------------------------------------------------------------- */

/* A file system without such locks leaves it to SQLite's own. */
static bool is_held_by_another(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

int store_folder_lock(const char *folder, unsigned patience_ms)
{
    unsigned waited_ms = 0;
    int fd = open_folder(folder);
    if (fd < 0)
        return -1;
    while (is_held_by_another(fd)) {
        if (waited_ms >= patience_ms) {
            close(fd);
            errno = EWOULDBLOCK;
            return -1;
        }
        usleep(LOOK_AGAIN_MS * 1000);
        waited_ms += LOOK_AGAIN_MS;
    }
    return fd;
}
