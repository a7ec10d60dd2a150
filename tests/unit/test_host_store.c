/* The store keeps records: whose, which, in what order, and over what ends in between. */
#include "tests/unit/host_store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct asker one, other;

static void restart(struct program *program)
{
    program_end(program);
    program_start(program);
}

static void nothing_is_stored_at_first(void **state)
{
    struct program *program = *state;
    for (enum imqtt_record which = 0; which < IMQTT_RECORD_COUNT; which++) {
        asker_come(&one, program, "stdio");
        asker_ask(&one, which);
        program_run(program);
        assert_int_equal(one.answers, 1);
        assert_int_equal(one.outcome, IMQTT_LOAD_NOTHING);
        asker_leave(&one);
    }
    assert_int_equal(logged(": "), 0);
}

static void what_is_saved_is_found(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "pty /tmp/modem", "first"));
    assert_true(load_as(program, "pty /tmp/modem", "first"));
    assert_true(save_as(program, "pty /tmp/modem", "second"));
    assert_true(load_as(program, "pty /tmp/modem", "second"));
    restart(program);
    assert_true(load_as(program, "pty /tmp/modem", "second"));
    assert_int_equal(logged(": "), 0);
}

static void one_text_of_each_kind(struct program *program, void (*each)(enum imqtt_record, char *))
{
    for (enum imqtt_record which = 0; which < IMQTT_RECORD_COUNT; which++) {
        char text[] = "kind 0";
        text[sizeof text - 2] = (char)('0' + which);
        each(which, text);
        program_run(program);
    }
}

static void put_kind(enum imqtt_record which, char *text)
{
    asker_put(&one, which, text);
}

static void ask_kind(enum imqtt_record which, char *text)
{
    (void)text;
    asker_ask(&one, which);
}

static void records_of_different_kinds_do_not_mix(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "stdio");
    one_text_of_each_kind(program, put_kind);
    asker_leave(&one);
    restart(program);
    asker_come(&one, program, "stdio");
    one_text_of_each_kind(program, ask_kind);
    assert_int_equal(one.answers, IMQTT_RECORD_COUNT);
    assert_true(asker_has(&one, "kind 5"));
    asker_ask(&one, IMQTT_RECORD_TRIPLE);
    program_run(program);
    assert_true(asker_has(&one, "kind 1"));
    asker_leave(&one);
}

static void names_are_kept_apart_whatever_is_in_them(void **state)
{
    static const char *const names[] = {
        "",
        "a",
        "A",
        "a ",
        "pty /tmp/it's",
        "pty /tmp/\"; DROP TABLE record; --",
        "pty /tmp/100%s",
        "pty /tmp/\xC3\xA4",
        "pty /tmp/\xFF\xFE",
        "tcp [::1]:4000",
        "serial /dev/ttyUSB0",
    };
    struct program *program = *state;
    char text[16];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "name %zu", i);
        assert_true(save_as(program, names[i], text));
    }
    restart(program);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text, "name %zu", i);
        assert_true(load_as(program, names[i], text));
    }
}

static void any_bytes_of_any_number_are_kept(void **state)
{
    static const size_t counts[] = {0, 1, 255, 65535};
    static uint8_t bytes[65535];
    struct program *program = *state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    asker_come(&one, program, "stdio");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        one.port.save(one.port.context, IMQTT_RECORD_TOKEN, bytes, counts[i]);
        program_run(program);
        assert_true(one.safe);
        asker_ask(&one, IMQTT_RECORD_TOKEN);
        program_run(program);
        assert_int_equal(one.outcome, IMQTT_LOAD_FOUND);
        assert_int_equal(one.count, counts[i]);
        assert_memory_equal(one.bytes, bytes, counts[i]);
    }
    asker_leave(&one);
}

static void modems_of_one_name_share_their_records(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "tcp 127.0.0.1:4000");
    asker_come(&other, program, "tcp 127.0.0.1:4000");
    asker_put(&one, IMQTT_RECORD_SETTINGS, "shared");
    asker_ask(&other, IMQTT_RECORD_SETTINGS);
    program_run(program);
    assert_true(one.safe);
    assert_true(asker_has(&other, "shared"));
    asker_leave(&one);
    asker_leave(&other);
}

static void jobs_are_done_in_the_order_they_were_asked_for(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "before"));
    asker_come(&one, program, "stdio");
    asker_come(&other, program, "stdio");
    asker_ask(&one, IMQTT_RECORD_SETTINGS);
    asker_put(&other, IMQTT_RECORD_SETTINGS, "after");
    program_run(program);
    assert_true(asker_has(&one, "before"));
    assert_true(load_as(program, "stdio", "after"));
    asker_leave(&one);
    asker_leave(&other);
}

static void one_modem_may_load_and_save_at_once(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "stdio");
    asker_put(&one, IMQTT_RECORD_TOKEN, "token");
    asker_ask(&one, IMQTT_RECORD_SETTINGS);
    assert_int_equal(one.answers, 0); /* a port never answers from within */
    program_run(program);
    assert_int_equal(one.answers, 2);
    assert_true(one.safe);
    assert_int_equal(one.outcome, IMQTT_LOAD_NOTHING);
    asker_leave(&one);
}

#define MODEMS 1000

/* One after the other: a load that waits behind a thousand saves can take too long. */
static void a_thousand_modems_save_at_once_and_load_at_once(void **state)
{
    struct program *program = *state;
    struct asker *askers = calloc(MODEMS, sizeof *askers);
    char name[32];
    assert_non_null(askers);
    for (int i = 0; i < MODEMS; i++) {
        snprintf(name, sizeof name, "pty /tmp/modem%d", i);
        asker_come(&askers[i], program, name);
        asker_put(&askers[i], IMQTT_RECORD_SETTINGS, name);
    }
    program_run(program);
    for (int i = 0; i < MODEMS; i++)
        asker_ask(&askers[i], IMQTT_RECORD_SETTINGS);
    program_run(program);
    for (int i = 0; i < MODEMS; i++) {
        snprintf(name, sizeof name, "pty /tmp/modem%d", i);
        assert_int_equal(askers[i].answers, 2);
        assert_true(askers[i].safe && asker_has(&askers[i], name));
        asker_leave(&askers[i]);
    }
    free(askers);
    restart(program);
    assert_true(load_as(program, "pty /tmp/modem0", "pty /tmp/modem0"));
    assert_true(load_as(program, "pty /tmp/modem999", "pty /tmp/modem999"));
}

static void a_modem_may_end_while_its_records_are_under_way(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "stdio");
    asker_put(&one, IMQTT_RECORD_SETTINGS, "last words");
    asker_ask(&one, IMQTT_RECORD_TOKEN);
    asker_leave(&one);
    program_run(program);
    assert_int_equal(one.answers, 0);
    assert_true(load_as(program, "stdio", "last words"));
}

static void a_modem_may_end_when_it_is_told(void **state)
{
    struct program *program = *state;
    asker_come(&one, program, "stdio");
    one.leaves_when_told = true;
    asker_put(&one, IMQTT_RECORD_SETTINGS, "last words");
    asker_ask(&one, IMQTT_RECORD_SETTINGS);
    program_run(program);
    assert_int_equal(one.answers, 1);
    assert_true(load_as(program, "stdio", "last words"));
}

static void without_a_store_the_port_is_empty(void **state)
{
    (void)state;
    struct imqtt_store_port port = modem_store_port(NULL);
    assert_null(port.load);
    assert_null(port.save);
    modem_store_close(NULL);
    assert_true(store_close(NULL));
}

/* ---- records that the modem could not read -------------------------------------------------- */

static void load_unreadable(struct asker *asker, struct program *program)
{
    asker_come(asker, program, "stdio");
    asker_ask(asker, IMQTT_RECORD_SETTINGS);
    program_run(program);
    modem_store_keep_aside(asker->store, IMQTT_RECORD_SETTINGS);
}

static void put_and_wait(struct asker *asker, struct program *program, const char *text)
{
    asker_put(asker, IMQTT_RECORD_SETTINGS, text);
    program_run(program);
    assert_true(asker->safe);
}

static int kept_aside(const struct program *program, const char *condition)
{
    char statement[128];
    snprintf(statement, sizeof statement,
             "SELECT count(*) FROM record WHERE set_aside_at IS NOT NULL AND %s", condition);
    return sql(program_file(program, "imqtt.db"), statement);
}

static void an_unreadable_record_stays_until_another_is_saved(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "of another version"));
    load_unreadable(&one, program);
    assert_true(load_as(program, "stdio", "of another version"));
    assert_int_equal(kept_aside(program, "1"), 0);
    put_and_wait(&one, program, "new");
    assert_true(load_as(program, "stdio", "new"));
    assert_int_equal(kept_aside(program, "CAST(bytes AS TEXT) LIKE '%of another version'"), 1);
    put_and_wait(&one, program, "newer"); /* what it wrote itself is just replaced */
    assert_int_equal(kept_aside(program, "1"), 1);
    asker_leave(&one);
}

static void only_what_could_not_be_read_is_kept_aside(void **state)
{
    struct program *program = *state;
    assert_true(save_as(program, "stdio", "of another version"));
    load_unreadable(&one, program);
    load_unreadable(&other, program);
    put_and_wait(&one, program, "by one");
    put_and_wait(&other, program, "by the other");
    assert_int_equal(kept_aside(program, "1"), 1);
    assert_int_equal(kept_aside(program, "CAST(bytes AS TEXT) LIKE '%of another version'"), 1);
    asker_leave(&one);
    asker_leave(&other);
}

#define PROGRAM_TEST(test) cmocka_unit_test_setup_teardown(test, program_set_up, program_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM_TEST(nothing_is_stored_at_first),
        PROGRAM_TEST(what_is_saved_is_found),
        PROGRAM_TEST(records_of_different_kinds_do_not_mix),
        PROGRAM_TEST(names_are_kept_apart_whatever_is_in_them),
        PROGRAM_TEST(any_bytes_of_any_number_are_kept),
        PROGRAM_TEST(modems_of_one_name_share_their_records),
        PROGRAM_TEST(jobs_are_done_in_the_order_they_were_asked_for),
        PROGRAM_TEST(one_modem_may_load_and_save_at_once),
        PROGRAM_TEST(a_thousand_modems_save_at_once_and_load_at_once),
        PROGRAM_TEST(a_modem_may_end_while_its_records_are_under_way),
        PROGRAM_TEST(a_modem_may_end_when_it_is_told),
        PROGRAM_TEST(without_a_store_the_port_is_empty),
        PROGRAM_TEST(an_unreadable_record_stays_until_another_is_saved),
        PROGRAM_TEST(only_what_could_not_be_read_is_kept_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
