#include "imqttctl/json_lines.h"

#include <stdbool.h>
#include <stdio.h>

/* What is deeper stands in one line. */
#define LEVELS_MAX 16

static void print_compact(const json_t *value)
{
    json_dumpf(value, stdout, JSON_COMPACT);
    putchar('\n');
}

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
    else if (json_is_real(value))
        printf("%g\n", json_real_value(value));
    else
        print_compact(value);
}

static bool is_flat(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static bool is_empty(const json_t *value)
{
    return json_object_size(value) == 0 && json_array_size(value) == 0;
}

/* ---- what is within each other -------------------------------------------------------------- */

struct level {
    json_t *json;
    void *member; /* of an object: the next one */
    size_t index; /* in an array: its */
};

static struct level level_of(json_t *json)
{
    return (struct level){.json = json, .member = json_object_iter(json)};
}

static json_t *next_member(struct level *level, int depth)
{
    json_t *value;
    if (level->member != NULL) {
        printf("%*s%s: ", 2 * depth, "", json_object_iter_key(level->member));
        value = json_object_iter_value(level->member);
        level->member = json_object_iter_next(level->json, level->member);
        return value;
    }
    value = json_array_get(level->json, level->index);
    if (value != NULL)
        printf("%*s%zu: ", 2 * depth, "", ++level->index);
    return value;
}

void json_lines_print(json_t *json)
{
    struct level levels[LEVELS_MAX] = {level_of(json)};
    for (int depth = 0; depth >= 0;) {
        json_t *value = next_member(&levels[depth], depth);
        if (value == NULL) {
            depth--;
        } else if (is_flat(value) || depth + 1 == LEVELS_MAX) {
            print_value(value);
        } else if (is_empty(value)) {
            puts("-");
        } else {
            putchar('\n');
            levels[++depth] = level_of(value);
        }
    }
}

void json_lines_dump(const json_t *json)
{
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
}
