/* docs/mqtt-conformance.md names every normative statement once, and only tests that exist. */
#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* How many statements each section of MQTT 3.1.1 has in its Appendix B. */
static const struct {
    const char *section;
    unsigned statements;
} sections[] = {
    {"1.5.3", 3},  {"2.2.2", 2},  {"2.3.1", 7},  {"3.1.0", 2},  {"3.1.2", 24}, {"3.1.3", 11},
    {"3.1.4", 5},  {"3.2.0", 1},  {"3.2.2", 6},  {"3.3.1", 12}, {"3.3.2", 3},  {"3.3.4", 1},
    {"3.3.5", 2},  {"3.6.1", 1},  {"3.8.1", 1},  {"3.8.3", 4},  {"3.8.4", 6},  {"3.9.3", 2},
    {"3.10.1", 1}, {"3.10.3", 2}, {"3.10.4", 6}, {"3.12.4", 1}, {"3.14.1", 1}, {"3.14.4", 3},
    {"4.1.0", 2},  {"4.3.1", 1},  {"4.3.2", 2},  {"4.3.3", 2},  {"4.4.0", 1},  {"4.5.0", 2},
    {"4.6.0", 6},  {"4.7.1", 3},  {"4.7.2", 1},  {"4.7.3", 4},  {"4.8.0", 2},  {"6.0.0", 4},
    {"7.0.0", 2},  {"7.1.1", 1},  {"7.1.2", 1},
};

static char *text_of_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    fseek(file, 0, SEEK_END);
    size_t bytes = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(1, bytes + 1);
    assert_int_equal(fread(text, 1, bytes, file), bytes);
    fclose(file);
    return text;
}

static unsigned times_in(const char *text, const char *what)
{
    unsigned times = 0;
    for (; (text = strstr(text, what)) != NULL; text++)
        times++;
    return times;
}

static void test_no_statement_is_missing(void **state)
{
    (void)state;
    char *document = text_of_file("docs/mqtt-conformance.md");
    unsigned statements = 0;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        for (unsigned n = 1; n <= sections[i].statements; n++, statements++) {
            char row[64];
            snprintf(row, sizeof row, "\n| MQTT-%s-%u |", sections[i].section, n);
            if (times_in(document, row) != 1)
                fail_msg("not one row: MQTT-%s-%u", sections[i].section, n);
        }
    assert_int_equal(times_in(document, "\n| MQTT-"), statements);
    free(document);
}

static void check_test(const char *file, const char *function)
{
    char path[128], definition[128], entry[128];
    snprintf(path, sizeof path, "tests/unit/%s", file);
    snprintf(definition, sizeof definition, "static void %s(void **state)", function);
    snprintf(entry, sizeof entry, "(%s),", function);
    char *source = text_of_file(path);
    if (times_in(source, definition) != 1 || times_in(source, entry) != 1)
        fail_msg("no such test: %s:%s", file, function);
    free(source);
}

static void test_every_named_test_exists(void **state)
{
    (void)state;
    char *document = text_of_file("docs/mqtt-conformance.md");
    unsigned names = 0;
    for (const char *at = document; (at = strstr(at, "`test_mqtt_")) != NULL; at++) {
        char file[64], function[96];
        assert_int_equal(sscanf(at, "`%63[^:`]:%95[^`]`", file, function), 2);
        check_test(file, function);
        names++;
    }
    assert_true(names > 100);
    free(document);
}

/* A statement that binds clients has a test, or says why it has none. */
static void test_every_row_has_its_proof(void **state)
{
    (void)state;
    char *document = text_of_file("docs/mqtt-conformance.md");
    for (char *row = document; (row = strstr(row, "\n| MQTT-")) != NULL;) {
        char *end = strchr(++row, '\n');
        *end = '\0';
        bool has_test = strstr(row, "`test_mqtt_") != NULL,
             is_server = strstr(row, "| Server") != NULL;
        bool is_elsewhere = strstr(row, "Not applicable") || strstr(row, "system tests");
        if (!has_test && !is_server && !is_elsewhere)
            fail_msg("no test and no reason: %s", row);
        *end = '\n';
        row = end;
    }
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_statement_is_missing),
        cmocka_unit_test(test_every_named_test_exists),
        cmocka_unit_test(test_every_row_has_its_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
