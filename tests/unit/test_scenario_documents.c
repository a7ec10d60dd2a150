/* The manual page and docs/scenarios.md say what the table says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/step_table.h"

static char *read_file(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void assert_in(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("not there: %s", wanted);
}

static void test_the_page_has_each_key_and_step(void **state)
{
    (void)state;
    const char *page = read_file("docs/scenarios.md");
    char line[512];
    for (size_t i = 0; i < SCENARIO_KEYS; i++) {
        snprintf(line, sizeof line, "| `%s` | %s", scenario_keys[i].name, scenario_keys[i].does);
        assert_in(page, line);
    }
    for (size_t i = 0; i < STEP_KINDS; i++) {
        size_t at = (size_t)snprintf(line, sizeof line, "| `%s` |", step_rows[i].name);
        for (size_t k = 0; k < STEP_KEYS && step_rows[i].keys[k].name != NULL; k++)
            if (!step_rows[i].has_fault)
                at += (size_t)snprintf(line + at, sizeof line - at, " `%s`",
                                       step_rows[i].keys[k].name);
        assert_in(page, line);
    }
}

static void test_the_manual_has_each_step_and_key(void **state)
{
    (void)state;
    const char *manual = read_file("man/imqtt-scenario.5");
    char line[256];
    for (size_t i = 0; i < STEP_KINDS; i++) {
        const struct step_row *row = &step_rows[i];
        snprintf(line, sizeof line, "\n.It Ic %s :", row->name);
        const char *item = strstr(manual, line);
        assert_non_null(item);
        size_t bytes = strcspn(item + 1, "\n");
        for (size_t k = 0; !row->is_short && k < STEP_KEYS && row->keys[k].name != NULL; k++) {
            const char *found = strstr(item, row->keys[k].name);
            assert_true(found != NULL && found < item + 1 + bytes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_has_each_key_and_step),
        cmocka_unit_test(test_the_manual_has_each_step_and_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
