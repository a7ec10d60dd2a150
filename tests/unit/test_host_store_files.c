/* What the store finds when it starts: other people's folders, damaged files, newer ones. */
#include "tests/unit/host_store_fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

/* The program ends, and starts again once the file is this. */
static void replace_database(struct program *program, const void *bytes, size_t count)
{
    program_end(program);
    write_file(program_file(program, "imqtt.db"), bytes, count);
    program_start(program);
}

/* ---- permissions ---------------------------------------------------------------------------- */

static void create_under_umask(struct program *program, mode_t mask, const char *folder)
{
    static const char *const files[] = {"imqtt.db", "imqtt.db-wal", "imqtt.db-shm"};
    program_end(program);
    snprintf(program->folder, sizeof program->folder, "%s/%s", program->root, folder);
    mode_t before = umask(mask);
    program_start(program);
    assert_true(save_as(program, "stdio", "secret"));
    umask(before);
    assert_int_equal(mode_of(program->folder), 0700);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(mode_of(program_file(program, files[i])), 0600);
}

static void everything_is_private_whatever_the_umask(void **state)
{
    create_under_umask(*state, 0, "open");
    create_under_umask(*state, 0777, "closed");
}

static void an_open_folder_that_is_only_the_stores_is_closed(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    program_end(program);
    assert_int_equal(chmod(program->folder, 0755), 0);
    assert_int_equal(chmod(program_file(program, "imqtt.db"), 0644), 0);
    program_start(program);
    assert_int_equal(mode_of(program->folder), 0700);
    assert_int_equal(mode_of(program_file(program, "imqtt.db")), 0600);
    assert_int_equal(logged("was open to other users (mode 0755)"), 1);
    assert_int_equal(logged("imqtt.db was open to other users (mode 0644)"), 1);
    assert_true(load_as(program, "stdio", "before"));
}

static void assert_refused(struct program *program, const char *why)
{
    const char *said = NULL;
    assert_int_equal(loop_init(&program->loop), 0);
    assert_null(store_open(&program->loop, &test_observer, program->folder, &said));
    assert_non_null(strstr(said, why));
    loop_close(&program->loop);
}

static void a_folder_that_others_use_is_refused(void **state)
{
    struct program *program = *state;
    program_end(program);
    write_file(program_file(program, "letter"), "", 0);
    assert_int_equal(chmod(program->folder, 0755), 0);
    assert_refused(program, "open to other users");
    assert_int_equal(mode_of(program->folder), 0755);
    unlink(program_file(program, "letter"));
    assert_int_equal(chmod(program->folder, 01777), 0);
    assert_refused(program, "open to other users");
    assert_int_equal(mode_of(program->folder), 01777);
    if (geteuid() == 0) {
        assert_int_equal(chown(program->folder, 1, 1), 0);
        assert_refused(program, "belongs to another user");
    }
}

static void what_is_no_folder_is_refused(void **state)
{
    struct program *program = *state;
    program_end(program);
    snprintf(program->folder, sizeof program->folder, "%s/a/b", program->root);
    assert_refused(program, "No such file or directory");
    snprintf(program->folder, sizeof program->folder, "%s/file", program->root);
    write_file(program->folder, "", 0);
    assert_refused(program, "Not a directory");
}

static void what_is_no_file_is_not_used(void **state)
{
    struct program *program = *state;
    for (int i = 0; i < 3; i++) {
        program_end(program);
        unlink(program_file(program, "imqtt.db"));
        if (i == 0)
            assert_int_equal(symlink("/etc/passwd", program_file(program, "imqtt.db")), 0);
        else if (i == 1)
            assert_int_equal(mkfifo(program_file(program, "imqtt.db"), 0600), 0);
        else
            assert_int_equal(mkdir(program_file(program, "imqtt.db"), 0700), 0);
        program_start(program);
        assert_int_equal(logged("imqtt.db: not a regular file; nothing can be saved"), i + 1);
        assert_true(fails_to_load_as(program, "stdio"));
        assert_false(save_as(program, "stdio", "lost"));
    }
}

static void a_folder_may_have_any_name(void **state)
{
    static const char *const names[] = {"file:a", "a?mode=memory", "a#b", "100%41",
                                        "\xC3\xA4 \xFF"};
    struct program *program = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        program_end(program);
        snprintf(program->folder, sizeof program->folder, "%s/%s", program->root, names[i]);
        program_start(program);
        assert_true(save_as(program, "stdio", "here"));
        assert_int_equal(mode_of(program_file(program, "imqtt.db-wal")), 0600);
    }
    program_end(program);
    assert_int_equal(chdir(program->root), 0);
    strcpy(program->folder, "file:b?mode=memory");
    program_start(program);
    assert_true(save_as(program, "stdio", "here"));
    program_end(program);
    program_start(program);
    assert_true(load_as(program, "stdio", "here"));
    assert_int_equal(chdir("/"), 0);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void assert_set_aside(struct program *program, const char *bytes, size_t count)
{
    size_t kept;
    const char *name = find_aside(program, "Z");
    assert_non_null(name);
    const char *path = program_file(program, name);
    char *content = read_file(path, &kept);
    assert_int_equal(kept, count);
    assert_memory_equal(content, bytes, count);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(logged(name), 1);
    free(content);
    unlink(path);
}

static void what_is_no_database_is_kept_and_a_new_one_begun(void **state)
{
    static char pages[3 * 4096];
    struct program *program = *state;
    memset(pages, 'x', sizeof pages);
    assert_true(save_as(program, "stdio", "gone"));
    replace_database(program, pages, sizeof pages);
    assert_set_aside(program, pages, sizeof pages);
    assert_true(load_as(program, "stdio", NULL));
    assert_true(save_as(program, "stdio", "new"));
    replace_database(program, "hello", 5);
    assert_set_aside(program, "hello", 5);
    assert_true(save_as(program, "stdio", "newer"));
    assert_true(load_as(program, "stdio", "newer"));
}

static void what_was_beside_it_is_kept_with_it(void **state)
{
    struct program *program = *state;
    program_end(program);
    write_file(program_file(program, "imqtt.db"), "hello", 5);
    write_file(program_file(program, "imqtt.db-wal"), "its end", 7);
    program_start(program);
    assert_true(save_as(program, "stdio", "new"));
    size_t count;
    char *end = read_file(program_file(program, find_aside(program, "Z-wal")), &count);
    assert_string_equal(end, "its end");
    assert_non_null(find_aside(program, "Z"));
    free(end);
}

static void a_database_cut_off_in_its_first_page_is_kept(void **state)
{
    struct program *program = *state;
    size_t count;
    assert_true(save_as(program, "stdio", "gone"));
    program_end(program);
    char *bytes = read_file(program_file(program, "imqtt.db"), &count);
    assert_true(count > 100);
    write_file(program_file(program, "imqtt.db"), bytes, 100);
    program_start(program);
    assert_set_aside(program, bytes, 100);
    assert_true(save_as(program, "stdio", "new"));
    free(bytes);
}

static void a_database_with_damaged_records_is_left_as_it_is(void **state)
{
    struct program *program = *state;
    size_t count;
    assert_true(save_as(program, "stdio", "damaged"));
    program_end(program);
    char *bytes = read_file(program_file(program, "imqtt.db"), &count);
    assert_true(count > 4096);
    memset(bytes + 4096, 'x', count - 4096);
    write_file(program_file(program, "imqtt.db"), bytes, count);
    program_start(program);
    assert_true(fails_to_load_as(program, "stdio"));
    assert_false(save_as(program, "stdio", "lost"));
    assert_int_equal(logged("stdio: stored settings cannot be loaded: database disk image"), 1);
    assert_int_equal(logged("stdio: settings not saved: database disk image is malformed"), 1);
    assert_null(find_aside(program, "Z"));
    free(bytes);
}

static void an_empty_file_is_a_new_database(void **state)
{
    struct program *program = *state;
    replace_database(program, "", 0);
    assert_int_equal(logged(": "), 0);
    assert_true(save_as(program, "stdio", "new"));
    assert_true(load_as(program, "stdio", "new"));
}

/* ---- versions ------------------------------------------------------------------------------- */

static void the_schema_has_a_version(void **state)
{
    struct program *program = *state;
    program_end(program);
    assert_int_equal(sql(program_file(program, "imqtt.db"), "PRAGMA user_version"), 1);
}

static void a_newer_database_is_left_as_it_is(void **state)
{
    struct program *program = *state;
    size_t count_before, count_after;
    assert_true(save_as(program, "stdio", "newer"));
    program_end(program);
    sql(program_file(program, "imqtt.db"), "PRAGMA user_version = 2");
    char *before = read_file(program_file(program, "imqtt.db"), &count_before);
    program_start(program);
    assert_true(fails_to_load_as(program, "stdio"));
    assert_false(save_as(program, "stdio", "older"));
    program_end(program);
    char *after = read_file(program_file(program, "imqtt.db"), &count_after);
    assert_int_equal(count_before, count_after);
    assert_memory_equal(before, after, count_before);
    assert_null(find_aside(program, "Z"));
    assert_int_equal(logged(": a newer imqtt has written it (schema 2, this one knows 1); "), 3);
    free(before);
    free(after);
}

/* ---- read-only ------------------------------------------------------------------------------ */

/* For root no mode is read-only: it gets a mount, which nobody else sees. */
static void make_read_only(const struct program *program)
{
    if (geteuid() != 0) {
        assert_int_equal(chmod(program->folder, 0500), 0);
        return;
    }
    assert_int_equal(unshare(CLONE_NEWNS), 0);
    assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    assert_int_equal(mount(program->folder, program->folder, NULL, MS_BIND, NULL), 0);
    assert_int_equal(mount(NULL, program->folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
}

static void make_writable(const struct program *program)
{
    if (geteuid() != 0)
        assert_int_equal(chmod(program->folder, 0700), 0);
    else
        assert_int_equal(umount2(program->folder, MNT_DETACH), 0);
}

static void what_is_read_only_can_still_be_loaded(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    program_end(program);
    make_read_only(program);
    program_start(program);
    assert_true(load_as(program, "stdio", "before"));
    assert_false(save_as(program, "stdio", "lost"));
    assert_true(load_as(program, "stdio", "before"));
    const char *why = geteuid() == 0 ? "Read-only file system" : "Permission denied";
    assert_int_equal(logged("imqtt.db: "), 1);
    assert_int_equal(logged(why), 2);
    assert_int_equal(logged("stdio: settings not saved: "), 1);
    assert_int_equal(logged("stdio: stored settings cannot be loaded"), 0);
    make_writable(program);
    assert_true(save_as(program, "stdio", "after"));
    assert_true(load_as(program, "stdio", "after"));
}

static void a_read_only_folder_without_a_database_is_an_error(void **state)
{
    struct program *program = *state;
    program_end(program);
    unlink(program_file(program, "imqtt.db"));
    make_read_only(program);
    program_start(program);
    assert_true(fails_to_load_as(program, "stdio"));
    assert_int_equal(logged("stdio: stored settings cannot be loaded: "), 1);
    make_writable(program);
    assert_true(load_as(program, "stdio", NULL));
    assert_true(save_as(program, "stdio", "after"));
}

/* Not even to read it: nobody might ever write into that pipe. */
static void what_is_no_file_is_not_read(void **state)
{
    struct program *program = *state;
    program_end(program);
    unlink(program_file(program, "imqtt.db"));
    assert_int_equal(mkfifo(program_file(program, "imqtt.db"), 0600), 0);
    make_read_only(program);
    program_start(program);
    assert_true(fails_to_load_as(program, "stdio"));
    make_writable(program);
}

#define PROGRAM_TEST(test) cmocka_unit_test_setup_teardown(test, program_set_up, program_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM_TEST(everything_is_private_whatever_the_umask),
        PROGRAM_TEST(an_open_folder_that_is_only_the_stores_is_closed),
        PROGRAM_TEST(a_folder_that_others_use_is_refused),
        PROGRAM_TEST(what_is_no_folder_is_refused),
        PROGRAM_TEST(what_is_no_file_is_not_used),
        PROGRAM_TEST(a_folder_may_have_any_name),
        PROGRAM_TEST(what_is_no_database_is_kept_and_a_new_one_begun),
        PROGRAM_TEST(what_was_beside_it_is_kept_with_it),
        PROGRAM_TEST(a_database_cut_off_in_its_first_page_is_kept),
        PROGRAM_TEST(a_database_with_damaged_records_is_left_as_it_is),
        PROGRAM_TEST(an_empty_file_is_a_new_database),
        PROGRAM_TEST(the_schema_has_a_version),
        PROGRAM_TEST(a_newer_database_is_left_as_it_is),
        PROGRAM_TEST(what_is_read_only_can_still_be_loaded),
        PROGRAM_TEST(what_is_no_file_is_not_read),
        PROGRAM_TEST(a_read_only_folder_without_a_database_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
