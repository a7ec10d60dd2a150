/* What goes wrong while the store works: slow and full disks, locks of others, files that go. */
#include "tests/unit/host_store_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/loop/alarm.h"

static struct asker one, other, third;

/* ---- the disk ------------------------------------------------------------------------------- */

/* SQLite finds this function in place of the C library's. */
static struct {
    atomic_uint syncs;
    atomic_int error; /* errno of each, 0: it works */
    atomic_bool is_slow;
    sem_t waits, may_go_on; /* one that is slow */
} disk;

int fdatasync(int fd)
{
    disk.syncs++;
    if (disk.is_slow) {
        sem_post(&disk.waits);
        sem_wait(&disk.may_go_on);
    }
    if (disk.error == 0)
        return (int)syscall(SYS_fdatasync, fd);
    errno = disk.error;
    return -1;
}

static void a_save_is_safe_once_it_is_on_the_disk(void **state)
{
    struct program *program = *state;
    for (unsigned i = 0; i < 3; i++) {
        unsigned before = disk.syncs;
        assert_true(save_as(program, "stdio", "kept"));
        assert_true(disk.syncs > before);
    }
}

static void a_disk_that_fails_makes_it_unsafe(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    disk.error = EIO;
    assert_false(save_as(program, "stdio", "lost"));
    disk.error = 0;
    assert_int_equal(logged("stdio: settings not saved: disk I/O error"), 1);
    assert_true(load_as(program, "stdio", "before"));
    assert_true(save_as(program, "stdio", "after"));
    assert_true(load_as(program, "stdio", "after"));
}

static void look_and_let_it_go_on(void *owner)
{
    bool *has_looked = owner;
    *has_looked = true;
    sem_wait(&disk.waits); /* the worker is there, and the loop is here */
    assert_int_equal(one.answers, 0);
    asker_leave(&other); /* ends with its save under way */
    disk.is_slow = false;
    sem_post(&disk.may_go_on);
}

static void the_loop_goes_on_while_the_disk_is_slow(void **state)
{
    struct program *program = *state;
    bool has_looked = false;
    struct alarm *alarm = alarm_new(&program->loop, look_and_let_it_go_on, &has_looked);
    disk.is_slow = true;
    asker_come(&one, program, "one");
    asker_come(&other, program, "other");
    asker_put(&one, IMQTT_RECORD_SETTINGS, "slow");
    asker_put(&other, IMQTT_RECORD_SETTINGS, "slow");
    alarm_set(alarm, 0);
    program_run(program);
    assert_true(has_looked);
    assert_true(one.safe);
    assert_int_equal(other.answers, 0);
    asker_leave(&one);
    assert_true(load_as(program, "other", "slow"));
    alarm_end(alarm);
}

/* The hanging save holds the worker up; "waiting" loads behind it, and then once more. */
static void a_load_does_not_wait_for_a_disk_that_hangs(void **state)
{
    struct program *program = *state;
    disk.is_slow = true;
    asker_come(&one, program, "one");
    asker_come(&other, program, "waiting");
    asker_put(&one, IMQTT_RECORD_SETTINGS, "hangs");
    sem_wait(&disk.waits);
    asker_ask(&other, IMQTT_RECORD_SETTINGS);
    while (other.answers == 0)
        uv_run(&program->loop.uv, UV_RUN_ONCE);
    assert_int_equal(other.outcome, IMQTT_LOAD_FAILED);
    asker_ask(&other, IMQTT_RECORD_TRIPLE);
    while (other.answers == 1)
        uv_run(&program->loop.uv, UV_RUN_NOWAIT);
    assert_int_equal(other.outcome, IMQTT_LOAD_FAILED);
    assert_false(store_close(program->store));
    assert_int_equal(logged("waiting: stored settings cannot be loaded: the disk does not"), 2);
    disk.is_slow = false;
    sem_post(&disk.may_go_on);
    program_run(program);
    assert_true(one.safe);
    assert_int_equal(other.answers, 2);
    asker_leave(&one);
    asker_leave(&other);
}

/* ---- a full disk ---------------------------------------------------------------------------- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_does_not_fit_leaves_what_was_stored(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    limit_files(1);
    assert_false(save_as(program, "stdio", "lost"));
    assert_false(save_as(program, "stdio", "lost again"));
    limit_files(RLIM_INFINITY);
    assert_int_equal(logged("stdio: settings not saved: "), 2);
    assert_true(load_as(program, "stdio", "before"));
    assert_true(save_as(program, "stdio", "after"));
    program_end(program);
    program_start(program);
    assert_true(load_as(program, "stdio", "after"));
}

static void put_large(struct asker *asker)
{
    static const uint8_t bytes[60000] = {0};
    asker->port.save(asker->port.context, IMQTT_RECORD_SETTINGS, bytes, sizeof bytes);
}

/* Three that gather while the disk is slow: they are tried together first, and that is too much. */
static void one_that_does_not_fit_leaves_the_others(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "one");
    asker_come(&other, program, "other");
    asker_come(&third, program, "third");
    limit_files(60000);
    disk.is_slow = true;
    asker_put(&third, IMQTT_RECORD_TOKEN, "first");
    sem_wait(&disk.waits);
    asker_put(&one, IMQTT_RECORD_SETTINGS, "small");
    put_large(&other);
    asker_ask(&third, IMQTT_RECORD_TOKEN);
    disk.is_slow = false;
    sem_post(&disk.may_go_on);
    program_run(program);
    limit_files(RLIM_INFINITY);
    assert_true(one.safe);
    assert_false(other.safe);
    assert_true(asker_has(&third, "first"));
    assert_int_equal(logged(": "), 1);
    assert_int_equal(logged("other: settings not saved: "), 1);
    asker_leave(&one);
    asker_leave(&other);
    asker_leave(&third);
    assert_true(load_as(program, "one", "small"));
    assert_true(load_as(program, "other", NULL));
}

/* ---- locks of others ------------------------------------------------------------------------ */

static sqlite3 *lock_with(const struct program *program, const char *statements)
{
    sqlite3 *handle;
    assert_int_equal(
        sqlite3_open_v2(program_file(program, "imqtt.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, statements, NULL, NULL, NULL), SQLITE_OK);
    return handle;
}

static void a_locked_database_can_be_read_and_not_written(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    sqlite3 *lock = lock_with(program, "BEGIN EXCLUSIVE");
    assert_true(load_as(program, "stdio", "before"));
    assert_false(save_as(program, "stdio", "lost"));
    assert_int_equal(logged("stdio: settings not saved: database is locked"), 1);
    sqlite3_close(lock);
    assert_true(load_as(program, "stdio", "before"));
    assert_true(save_as(program, "stdio", "after"));
}

static void unlock(void *owner)
{
    sqlite3_close(owner);
}

static void a_lock_that_ends_soon_is_waited_for(void **state)
{
    struct program *program = *state;
    sqlite3 *lock = lock_with(program, "BEGIN EXCLUSIVE");
    struct alarm *alarm = alarm_new(&program->loop, unlock, lock);
    alarm_set(alarm, 20);
    assert_true(save_as(program, "stdio", "waited"));
    assert_true(load_as(program, "stdio", "waited"));
    alarm_end(alarm);
}

#define MODEMS 200

static void ask_all(struct program *program, struct asker *askers)
{
    for (int i = 0; i < MODEMS; i++) {
        asker_come(&askers[i], program, "stdio");
        asker_ask(&askers[i], IMQTT_RECORD_SETTINGS);
    }
    program_run(program);
}

static void a_database_that_another_keeps_to_itself_keeps_nobody_waiting(void **state)
{
    struct program *program = *state;
    struct asker *askers = calloc(MODEMS, sizeof *askers);
    assert_non_null(askers);
    assert_true(save_as(program, "stdio", "before"));
    program_end(program);
    sqlite3 *lock = lock_with(program, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    uint64_t start_ns = uv_hrtime();
    program_start(program);
    ask_all(program, askers);
    assert_true(uv_hrtime() - start_ns < UINT64_C(2) * STORE_PATIENCE_MS * 1000000);
    assert_int_equal(logged("store: "), 1); /* at its start */
    assert_int_equal(logged("stdio: stored settings cannot be loaded: database is locked"), MODEMS);
    sqlite3_close(lock);
    for (int i = 0; i < MODEMS; i++) {
        assert_int_equal(askers[i].answers, 1);
        assert_int_equal(askers[i].outcome, IMQTT_LOAD_FAILED);
        asker_leave(&askers[i]);
    }
    free(askers);
    assert_true(load_as(program, "stdio", "before"));
}

static int kept_aside(const struct program *program)
{
    return sql(program_file(program, "imqtt.db"),
               "SELECT count(*) FROM record WHERE set_aside_at IS NOT NULL "
               "AND CAST(bytes AS TEXT) LIKE '%before'");
}

static void put_and_wait(struct program *program, const char *text)
{
    asker_put(&one, IMQTT_RECORD_SETTINGS, text);
    program_run(program);
    assert_true(one.safe);
}

/* Its modem has factory values now, and its host may not know why. */
static void what_could_not_be_loaded_is_not_overwritten(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    program_end(program);
    sqlite3 *lock = lock_with(program, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    program_start(program);
    asker_come(&one, program, "stdio");
    asker_ask(&one, IMQTT_RECORD_SETTINGS);
    program_run(program);
    sqlite3_close(lock);
    assert_int_equal(kept_aside(program), 0);
    put_and_wait(program, "factory");
    assert_int_equal(kept_aside(program), 1);
    put_and_wait(program, "mine");
    asker_leave(&one);
    assert_int_equal(sql(program_file(program, "imqtt.db"), "SELECT count(*) FROM record"), 2);
    assert_true(load_as(program, "stdio", "mine"));
}

/* What others do while they open a store takes no longer than a rename, unless they are stopped. */
static void a_program_that_does_not_get_on_with_it_keeps_nobody_waiting(void **state)
{
    struct program *program = *state;
    program_end(program);
    int folder = open(program->folder, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(folder, LOCK_EX), 0);
    program_start(program);
    assert_int_equal(logged("the folder cannot be used (another program opens it)"), 1);
    close(folder);
    assert_true(save_as(program, "stdio", "after"));
    assert_true(load_as(program, "stdio", "after"));
}

/* ---- files that go -------------------------------------------------------------------------- */

static void a_database_that_was_deleted_is_begun_anew(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "deleted"));
    assert_int_equal(unlink(program_file(program, "imqtt.db")), 0);
    unlink(program_file(program, "imqtt.db-wal"));
    unlink(program_file(program, "imqtt.db-shm"));
    assert_true(load_as(program, "stdio", NULL));
    assert_true(save_as(program, "stdio", "new"));
    program_end(program);
    program_start(program);
    assert_true(load_as(program, "stdio", "new"));
}

static void a_folder_that_was_renamed_is_not_used(void **state)
{
    struct program *program = *state;
    char elsewhere[128];
    assert_true(save_as(program, "stdio", "before"));
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", program->root);
    assert_int_equal(rename(program->folder, elsewhere), 0);
    assert_false(save_as(program, "stdio", "lost"));
    assert_int_equal(logged("stdio: settings not saved: "), 1);
    assert_int_equal(logged("No such file or directory"), 1);
    assert_int_equal(rename(elsewhere, program->folder), 0);
    assert_true(load_as(program, "stdio", "before"));
}

#define PROGRAM_TEST(test) cmocka_unit_test_setup_teardown(test, program_set_up, program_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM_TEST(a_save_is_safe_once_it_is_on_the_disk),
        PROGRAM_TEST(a_disk_that_fails_makes_it_unsafe),
        PROGRAM_TEST(the_loop_goes_on_while_the_disk_is_slow),
        PROGRAM_TEST(a_load_does_not_wait_for_a_disk_that_hangs),
        PROGRAM_TEST(what_does_not_fit_leaves_what_was_stored),
        PROGRAM_TEST(one_that_does_not_fit_leaves_the_others),
        PROGRAM_TEST(a_locked_database_can_be_read_and_not_written),
        PROGRAM_TEST(a_lock_that_ends_soon_is_waited_for),
        PROGRAM_TEST(a_database_that_another_keeps_to_itself_keeps_nobody_waiting),
        PROGRAM_TEST(what_could_not_be_loaded_is_not_overwritten),
        PROGRAM_TEST(a_program_that_does_not_get_on_with_it_keeps_nobody_waiting),
        PROGRAM_TEST(a_database_that_was_deleted_is_begun_anew),
        PROGRAM_TEST(a_folder_that_was_renamed_is_not_used),
    };
    signal(SIGXFSZ, SIG_IGN); /* as imqttd does */
    sem_init(&disk.waits, 0, 0);
    sem_init(&disk.may_go_on, 0, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
