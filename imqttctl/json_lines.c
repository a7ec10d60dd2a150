#include "imqttctl/json_lines.h"

#include <stdbool.h>
#include <stdio.h>

static void print_value(const json_t *value)
{
    if (json_is_string(value))
        printf("%s\n", json_string_value(value));
    else if (json_is_boolean(value))
        puts(json_is_true(value) ? "yes" : "no");
    else if (json_is_null(value))
        puts("-");
    else if (json_is_integer(value))
        printf("%" JSON_INTEGER_FORMAT "\n", json_integer_value(value));
    else
        printf("%g\n", json_number_value(value));
}

static bool is_flat(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static void print_members(const json_t *json, int depth);

static void print_named(const char *name, const json_t *value, int depth)
{
    printf("%*s%s: ", 2 * depth, "", name);
    if (is_flat(value)) {
        print_value(value);
    } else if ((json_is_object(value) ? json_object_size(value) : json_array_size(value)) == 0) {
        puts("-");
    } else {
        putchar('\n');
        print_members(value, depth + 1);
    }
}

static void print_members(const json_t *json, int depth)
{
    const char *key;
    json_t *value;
    size_t index;
    char number[24];
    json_object_foreach((json_t *)json, key, value)
    {
        print_named(key, value, depth);
    }
    json_array_foreach(json, index, value)
    {
        snprintf(number, sizeof number, "%zu", index + 1);
        print_named(number, value, depth);
    }
}

void json_lines_print(const json_t *json)
{
    print_members(json, 0);
}

void json_lines_dump(const json_t *json)
{
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
}
