/* man/imqttd.conf.5 has every key of the configuration, as the program's table has it, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "imqttd/config/config_table.h"

#define PAGE      "man/imqttd.conf.5"
#define KEY_BEGIN ".It Li \""

static char *page;

static int read_page(void **state)
{
    size_t room = 1 << 20, count;
    FILE *file = fopen(PAGE, "re");
    (void)state;
    if (file == NULL)
        return -1;
    page = calloc(1, room);
    count = page != NULL ? fread(page, 1, room - 1, file) : 0;
    fclose(file);
    return count > 0 ? 0 : -1;
}

static int free_page(void **state)
{
    (void)state;
    free(page);
    return 0;
}

static void test_every_key_is_in_the_manual(void **state)
{
    char entry[160];
    (void)state;
    for (size_t i = 0; i < config_key_count; i++) {
        (void)snprintf(entry, sizeof entry, "\n" KEY_BEGIN "%s = %s\"\n", config_keys[i].name,
                       config_keys[i].argument);
        if (strstr(page, entry) == NULL)
            fail_msg("%s lacks:%s", PAGE, entry);
    }
}

static void test_the_manual_has_no_other(void **state)
{
    size_t entries = 0;
    (void)state;
    for (const char *at = page; (at = strstr(at, "\n" KEY_BEGIN)) != NULL; at++)
        entries++;
    assert_int_equal(entries, config_key_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_is_in_the_manual),
        cmocka_unit_test(test_the_manual_has_no_other),
    };
    return cmocka_run_group_tests(tests, read_page, free_page);
}
