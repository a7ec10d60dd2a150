/* Power cuts: the program is killed at its n-th call that changes a file, for every n. What was
 * safe is there, and what is there is whole. */
#include "tests/unit/host_store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- calls that change files: these are found in place of the C library's ------------------- */

static atomic_int calls_left = -1; /* until the power cut; below 0: there is none */

static void step(void)
{
    if (calls_left < 0)
        return;
    if (calls_left == 0)
        raise(SIGKILL);
    calls_left--;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    step();
    return syscall(SYS_pwrite64, fd, bytes, count, at);
}

/* Only the program dies here, not the computer: what was written is there without it. */
int fdatasync(int fd)
{
    (void)fd;
    step();
    return 0;
}

int ftruncate64(int fd, off64_t count)
{
    step();
    return (int)syscall(SYS_ftruncate, fd, count);
}

int unlink(const char *path)
{
    step();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
    step();
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    step();
    return (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

static int open_file(int folder, const char *path, int flags, mode_t mode)
{
    if ((flags & O_CREAT) != 0)
        step();
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int file = open_file(AT_FDCWD, path, flags, va_arg(arguments, mode_t));
    va_end(arguments);
    return file;
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int file = open_file(folder, path, flags, va_arg(arguments, mode_t));
    va_end(arguments);
    return file;
}

/* ---- programs that are killed --------------------------------------------------------------- */

/* What one that was killed has come to. */
struct life {
    bool was_told; /* that it is safe */
    bool was_killed;
};

static _Noreturn void live(struct program *program, int after_calls, const char *text, int told)
{
    calls_left = after_calls;
    program_start(program);
    if (save_as(program, "stdio", text) && write(told, "", 1) != 1)
        _exit(EXIT_FAILURE);
    program_end(program);
    _exit(EXIT_SUCCESS);
}

static struct life live_until(struct program *program, int after_calls, const char *text)
{
    int ends[2], status;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        live(program, after_calls, text, ends[1]);
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    struct life life = {.was_told = read(ends[0], &byte, 1) == 1,
                        .was_killed = WIFSIGNALED(status)};
    close(ends[0]);
    assert_true(life.was_killed ? WTERMSIG(status) == SIGKILL : status == 0);
    return life;
}

/* Restarts the program; what is stored now, of two texts (NULL: nothing). */
static const char *stored(struct program *program, const char *old, const char *new)
{
    program_start(program);
    bool is_new = load_as(program, "stdio", new);
    bool is_old = load_as(program, "stdio", old);
    program_end(program);
    assert_true(is_new != is_old);
    assert_int_equal(logged(": "), 0);
    return is_new ? new : old;
}

static void a_first_start_may_be_cut_off_anywhere(void **state)
{
    struct program *program = *state;
    struct life life = {.was_killed = true};
    int calls;
    program_end(program);
    for (calls = 0; life.was_killed; calls++) {
        snprintf(program->folder, sizeof program->folder, "%s/state%d", program->root, calls);
        life = live_until(program, calls, "first");
        const char *found = stored(program, NULL, "first");
        assert_true(found != NULL || !life.was_told);
    }
    assert_true(calls > 20); /* it was more than one write */
}

static void a_save_may_be_cut_off_anywhere(void **state)
{
    struct program *program = *state;
    struct life life = {.was_killed = true};
    char old[16] = "old", new[16];
    int calls;
    assert_true(save_as(program, "stdio", old));
    program_end(program);
    for (calls = 0; life.was_killed; calls++) {
        snprintf(new, sizeof new, "new %d", calls);
        life = live_until(program, calls, new);
        const char *found = stored(program, old, new);
        assert_true(found == new || !life.was_told);
        if (found == new)
            strcpy(old, new);
    }
    assert_true(calls > 10);
}

static void setting_aside_may_be_cut_off_anywhere(void **state)
{
    struct program *program = *state;
    struct life life = {.was_killed = true};
    int calls;
    program_end(program);
    for (calls = 0; life.was_killed; calls++) {
        size_t count;
        snprintf(program->folder, sizeof program->folder, "%s/aside%d", program->root, calls);
        assert_int_equal(mkdir(program->folder, 0700), 0);
        write_file(program_file(program, "imqtt.db"), "no database", 11);
        life = live_until(program, calls, "new");
        program_start(program);
        assert_true(load_as(program, "stdio", "new") || !life.was_told);
        program_end(program);
        char *kept = read_file(program_file(program, find_aside(program, "Z")), &count);
        assert_string_equal(kept, "no database");
        free(kept);
    }
    assert_true(calls > 20);
}

#define PROGRAM_TEST(test) cmocka_unit_test_setup_teardown(test, program_set_up, program_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM_TEST(a_first_start_may_be_cut_off_anywhere),
        PROGRAM_TEST(a_save_may_be_cut_off_anywhere),
        PROGRAM_TEST(setting_aside_may_be_cut_off_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
