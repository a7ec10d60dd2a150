#include "imqttctl/fault_arguments.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { IS_WORD, IS_INTEGER, IS_NUMBER, IS_DURATION };

/* Durations are written without _ms, with a unit. */
static const struct fault_key {
    const char *word;
    const char *json;
    enum value_kind kind;
    bool is_attribute;
} keys[] = {
    {"name", "name", IS_WORD, false},
    {"link", "link", IS_WORD, false},
    {"stream", "stream", IS_WORD, false},
    {"toxicity", "toxicity", IS_NUMBER, false},
    {"seed", "seed", IS_INTEGER, false},
    {"ttl", "ttl_ms", IS_DURATION, false},
    {"count", "count", IS_INTEGER, false},
    {"latency", "latency_ms", IS_DURATION, true},
    {"jitter", "jitter_ms", IS_DURATION, true},
    {"delay", "delay_ms", IS_DURATION, true},
    {"bytes_per_s", "bytes_per_s", IS_INTEGER, true},
    {"baud", "baud", IS_INTEGER, true},
    {"bytes", "bytes", IS_INTEGER, true},
    {"share", "share", IS_NUMBER, true},
    {"after_bytes", "after_bytes", IS_INTEGER, true},
    {"how", "how", IS_WORD, true},
    {"stage", "stage", IS_WORD, true},
    {"code", "code", IS_INTEGER, true},
    {"packet", "packet", IS_WORD, true},
    {"text", "text", IS_WORD, true},
    {"error", "error", IS_INTEGER, true},
    {"at", "at", IS_WORD, true},
};

int64_t duration_parse_ms(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (end == text || text[0] < '0' || text[0] > '9' || errno != 0)
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].unit) == 0 && number <= INT64_MAX / units[i].ms)
            return number * units[i].ms;
    return -1;
}

static json_t *integer_of(const char *text)
{
    char *end;
    errno = 0;
    json_int_t number = strtoll(text, &end, 10);
    return *text != '\0' && *end == '\0' && errno == 0 ? json_integer(number) : NULL;
}

static json_t *number_of(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    return *text != '\0' && *end == '\0' ? json_real(number) : NULL; /* no JSON for infinity */
}

static json_t *value_of(enum value_kind kind, const char *text)
{
    int64_t ms;
    switch (kind) {
    case IS_INTEGER:
        return integer_of(text);
    case IS_NUMBER:
        return number_of(text);
    case IS_DURATION:
        ms = duration_parse_ms(text);
        return ms >= 0 ? json_integer(ms) : NULL;
    case IS_WORD:
        break;
    }
    return json_string(text);
}

static const struct fault_key *find(const char *word, size_t bytes)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].word) == bytes && memcmp(keys[i].word, word, bytes) == 0)
            return &keys[i];
    return NULL;
}

static bool put(json_t *fault, const char *word, char problem[160])
{
    size_t bytes = strcspn(word, "=");
    const char *value = word[bytes] == '=' ? word + bytes + 1 : NULL;
    if (value != NULL && bytes == 4 && memcmp(word, "when", 4) == 0)
        return json_object_set_new(fault, "when", json_pack("{s:s}", "command", value)) == 0;
    const struct fault_key *key = value != NULL ? find(word, bytes) : NULL;
    json_t *json = key != NULL ? value_of(key->kind, value) : NULL;
    if (json != NULL) {
        json_t *place = key->is_attribute ? json_object_get(fault, "attributes") : fault;
        return json_object_set_new(place, key->json, json) == 0;
    }
    if (key == NULL)
        snprintf(problem, 160, "no fault has %.60s", word);
    else if (key->kind == IS_DURATION)
        snprintf(problem, 160, "%.60s: a duration is a number with ms, s, m or h", word);
    else
        snprintf(problem, 160, "%.60s: not a good value", word);
    return false;
}

json_t *fault_words_parse(const char *type, int count, char **words, char problem[160])
{
    json_t *fault = json_pack("{s:s, s:{}}", "type", type, "attributes");
    if (fault == NULL)
        snprintf(problem, 160, "%.60s: not a good type", type);
    for (int i = 0; fault != NULL && i < count; i++)
        if (!put(fault, words[i], problem)) {
            json_decref(fault);
            return NULL;
        }
    return fault;
}
