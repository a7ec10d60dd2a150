#include "scenario/parse_value.h"

#include <inttypes.h>
#include <string.h>

#include "host/faults/fault_words.h"
#include "imqttd/need.h"

size_t parse_key_count(const struct step_key *keys, size_t room)
{
    size_t count = 0;
    while (count < room && keys[count].name != NULL)
        count++;
    return count;
}

size_t parse_find_key(const struct step_key *keys, size_t room, const char *name)
{
    for (size_t i = 0; i < parse_key_count(keys, room); i++)
        if (strcmp(keys[i].name, name) == 0)
            return i;
    return room;
}

/* ---- one kind each: NULL, or what is wrong -------------------------------------------------- */

static const char *read_text(const struct step_key *key, struct step_value *value, const char *text)
{
    size_t bytes = strlen(text);
    if (bytes < key->min)
        return "is empty";
    if (bytes > key->max)
        return "is too long";
    value->text = need_copy(text);
    return NULL;
}

static const char *read_number(const struct step_key *key, struct step_value *value,
                               const char *text)
{
    if (!fault_read_number(&value->number, text))
        return "is not a whole number";
    return value->number < key->min || value->number > key->max ? "is out of range" : NULL;
}

static const char *read_duration(const struct step_key *key, struct step_value *value,
                                 const char *text)
{
    if (!fault_read_duration(&value->number, text))
        return "is not a duration, like 500ms, 20s, 5m or 1h";
    return value->number < key->min || value->number > key->max ? "is out of range" : NULL;
}

static const char *read_flag(struct step_value *value, const char *text)
{
    value->number = strcmp(text, "true") == 0;
    return value->number == 0 && strcmp(text, "false") != 0 ? "is neither true nor false" : NULL;
}

static const char *read_word(const struct step_key *key, struct step_value *value, const char *text)
{
    for (size_t i = 0; key->words[i] != NULL; i++)
        if (strcmp(key->words[i], text) == 0) {
            value->number = i;
            return NULL;
        }
    return "is not one of its words";
}

static const char *read_value(const struct step_key *key, struct step_value *value,
                              const char *text)
{
    switch (key->kind) {
    case KEY_NUMBER:
        return read_number(key, value, text);
    case KEY_DURATION:
        return read_duration(key, value, text);
    case KEY_FLAG:
        return read_flag(value, text);
    case KEY_WORD:
        return read_word(key, value, text);
    default:
        return read_text(key, value, text);
    }
}

/* ---- what the file says --------------------------------------------------------------------- */

/* " (0 to 99)", " (off, on, cycle)". */
static void describe_range(char *to, size_t room, const struct step_key *key)
{
    const char *between = "";
    *to = '\0';
    if (key->kind == KEY_NUMBER)
        (void)snprintf(to, room, " (%" PRIu64 " to %" PRIu64 ")", key->min, key->max);
    if (key->kind == KEY_WORD)
        for (size_t i = 0, at = 0; key->words[i] != NULL && at < room; i++, between = ", ")
            at += (size_t)snprintf(to + at, room - at, "%s%s%s", i == 0 ? " (" : between,
                                   key->words[i], key->words[i + 1] == NULL ? ")" : "");
}

static bool is_text(const struct step_key *key)
{
    return key->kind == KEY_TEXT || key->kind == KEY_GLOB;
}

/* YAML's own types: a number in quotes is a text, and what is not there is no text. */
static const char *wrong_type(const struct yaml_source *source, const struct step_key *key)
{
    const char *text = yaml_text(source);
    bool is_plain = yaml_is_plain(source);
    if (is_plain && (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0))
        return "has no value";
    if (!is_plain && (key->kind == KEY_NUMBER || key->kind == KEY_FLAG))
        return "is a text: without quotes, please";
    return NULL;
}

bool parse_value(struct yaml_source *source, const struct step_key *key, struct step_value *value)
{
    char range[128];
    const char *problem = wrong_type(source, key);
    if (problem == NULL)
        problem = read_value(key, value, yaml_text(source));
    value->is_given = problem == NULL;
    if (problem == NULL)
        return true;
    describe_range(range, sizeof range, key);
    return yaml_refuse(source, yaml_place(source), "%s %s%s%s%s", key->name, problem, range,
                       is_text(key) ? "" : ": ", is_text(key) ? "" : yaml_text(source));
}

bool parse_complete(struct yaml_source *source, struct yaml_place place,
                    const struct step_key *keys, size_t room, struct step_value *values)
{
    for (size_t i = 0; i < parse_key_count(keys, room); i++) {
        if (values[i].is_given)
            continue;
        if (keys[i].is_needed)
            return yaml_refuse(source, place, "%s is missing", keys[i].name);
        if (keys[i].standard != NULL)
            values[i].is_given = read_value(&keys[i], &values[i], keys[i].standard) == NULL;
    }
    return true;
}
