/* docs/faults.md has the table of faults in it, row by row, as the program has it. Run with an
 * argument, this prints the rows. */
#include "tests/unit/host_store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/faults/fault.h"

#define PAGE      "docs/faults.md"
#define ROW_BYTES 1024

static void add(char row[ROW_BYTES], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(char row[ROW_BYTES], const char *format, ...)
{
    size_t used = strlen(row);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(row + used, ROW_BYTES - used, format, arguments);
    va_end(arguments);
}

static void add_range(char row[ROW_BYTES], const struct fault_attribute *attribute)
{
    unsigned long long min = attribute->min, max = attribute->max;
    switch (attribute->kind) {
    case FAULT_IS_WORD:
        for (size_t i = 0; attribute->words[i] != NULL; i++)
            add(row, "%s`%s`", i > 0 ? ", " : "", attribute->words[i]);
        break;
    case FAULT_IS_SHARE:
        add(row, "above 0, at most 1");
        break;
    case FAULT_IS_TEXT:
        add(row, "at most %llu bytes", max);
        break;
    default:
        add(row, "%llu to %llu", min, max);
        break;
    }
}

static void add_attribute(char row[ROW_BYTES], const struct fault_attribute *attribute)
{
    add(row, "`%s`: %s (", attribute->name, attribute->does);
    add_range(row, attribute);
    if (attribute->standard != NULL)
        add(row, "; %s without it", attribute->standard);
    add(row, ")");
}

static const char *row_of(const struct fault_type_row *type)
{
    static char row[ROW_BYTES];
    const struct fault_attribute *attribute = NULL;
    row[0] = '\0';
    add(row, "| `%s` | %s%s%s | ", type->name, type->links & FAULT_ON_UART ? "uart" : "",
        type->links == (FAULT_ON_UART | FAULT_ON_BROKER) ? ", " : "",
        type->links & FAULT_ON_BROKER ? "broker" : "");
    while ((attribute = fault_next_attribute(type, attribute)) != NULL) {
        if (attribute != type->attributes)
            add(row, type->need == FAULT_NEEDS_ONE_OF ? " or " : "; ");
        add_attribute(row, attribute);
    }
    add(row, "%s | %s |\n", type->attributes[0].name == NULL ? "–" : "", type->does);
    return row;
}

static char *page(void)
{
    static char text[65536];
    FILE *file = fopen(PAGE, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static void the_page_has_every_row(void **state)
{
    (void)state;
    const char *text = page();
    for (size_t i = 0; i < FAULT_TYPES; i++)
        if (strstr(text, row_of(&fault_types[i])) == NULL)
            fail_msg(PAGE " lacks the row\n%s", row_of(&fault_types[i]));
}

static void the_page_has_no_other_row(void **state)
{
    (void)state;
    size_t rows = 0;
    for (const char *at = page(); (at = strstr(at, "\n| `")) != NULL; at++)
        rows++;
    assert_int_equal(rows, FAULT_TYPES);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_has_every_row),
        cmocka_unit_test(the_page_has_no_other_row),
    };
    (void)argv;
    for (size_t i = 0; argc > 1 && i < FAULT_TYPES; i++)
        (void)fputs(row_of(&fault_types[i]), stdout);
    return argc > 1 ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
