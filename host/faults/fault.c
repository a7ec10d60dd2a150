#include "host/faults/fault.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "host/faults/fault_words.h"

static bool wrong(struct fault_problem *problem, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(struct fault_problem *problem, const char *key, const char *format, ...)
{
    va_list arguments;
    snprintf(problem->key, sizeof problem->key, "%s", key != NULL ? key : "");
    va_start(arguments, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- what every fault has ------------------------------------------------------------------- */

static bool put_name(struct fault *fault, const char *value, struct fault_problem *problem)
{
    size_t bytes = strlen(value);
    size_t good =
        strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    if (bytes == 0 || bytes > FAULT_NAME_BYTES || good != bytes)
        return wrong(problem, "name", "a name has 1 to %d letters, digits, '.', '_' or '-'",
                     FAULT_NAME_BYTES);
    memcpy(fault->name, value, bytes + 1);
    return true;
}

static bool put_link(struct fault *fault, const char *value, struct fault_problem *problem)
{
    uint64_t place;
    if (!fault_read_word(&place, value, fault_link_words))
        return wrong(problem, "link", "uart or broker");
    enum fault_link link = place == 0 ? FAULT_ON_UART : FAULT_ON_BROKER;
    if ((fault_type_of(fault)->links & link) == 0)
        return wrong(problem, "link", "a fault %s is not for the link %s",
                     fault_type_of(fault)->name, fault_link_words[place]);
    fault->link = link;
    return true;
}

static bool put_stream(struct fault *fault, const char *value, struct fault_problem *problem)
{
    uint64_t place;
    if (!fault_read_word(&place, value, fault_stream_words))
        return wrong(problem, "stream", "up, down or both");
    fault->stream = (enum fault_stream)place;
    return true;
}

static bool put_toxicity(struct fault *fault, const char *value, struct fault_problem *problem)
{
    uint64_t share;
    if (!fault_read_share(&share, value) || share == 0)
        return wrong(problem, "toxicity", "a share above 0, at most 1");
    fault->toxicity_ppm = (uint32_t)share;
    return true;
}

static bool put_seed(struct fault *fault, const char *value, struct fault_problem *problem)
{
    fault->has_seed = fault_read_number(&fault->seed, value) && fault->seed <= FAULT_SEED_MAX;
    return fault->has_seed || wrong(problem, "seed", "a number up to 9007199254740991");
}

static bool put_ttl(struct fault *fault, const char *value, struct fault_problem *problem)
{
    bool is_good = fault_read_duration(&fault->ttl_ms, value) && fault->ttl_ms > 0 &&
                   fault->ttl_ms <= FAULT_TTL_MAX_MS;
    return is_good || wrong(problem, "ttl", "a time as 300ms or 20s, at most a year");
}

static bool put_ttl_ms(struct fault *fault, const char *value, struct fault_problem *problem)
{
    bool is_good = fault_read_number(&fault->ttl_ms, value) && fault->ttl_ms > 0 &&
                   fault->ttl_ms <= FAULT_TTL_MAX_MS;
    return is_good || wrong(problem, "ttl_ms", "milliseconds, at least 1, at most a year");
}

static bool put_count(struct fault *fault, const char *value, struct fault_problem *problem)
{
    if (fault_type_of(fault)->lasts)
        return wrong(problem, "count", "a fault %s lasts: it ends with its ttl, or when removed",
                     fault_type_of(fault)->name);
    bool is_good = fault_read_number(&fault->count, value) && fault->count > 0 &&
                   fault->count <= FAULT_COUNT_MAX;
    return is_good || wrong(problem, "count", "a number from 1 to 1000000000");
}

static bool put_when(struct fault *fault, const char *value, struct fault_problem *problem)
{
    size_t bytes = strlen(value);
    if (bytes == 0 || bytes > FAULT_WHEN_BYTES)
        return wrong(problem, "when", "a command line with * and ?, at most %d bytes",
                     FAULT_WHEN_BYTES);
    memcpy(fault->when, value, bytes + 1);
    return true;
}

static const struct {
    const char *key;
    bool (*put)(struct fault *fault, const char *value, struct fault_problem *problem);
} common[] = {
    {"name", put_name},         {"link", put_link},   {"stream", put_stream},
    {"toxicity", put_toxicity}, {"seed", put_seed},   {"ttl", put_ttl},
    {"ttl_ms", put_ttl_ms},     {"count", put_count}, {"when", put_when},
};

/* ---- what its type has ---------------------------------------------------------------------- */

/* latency for latency_ms: then the value has its unit. */
static bool is_short_name(const struct fault_attribute *attribute, const char *key)
{
    size_t bytes = strlen(key);
    return attribute->kind == FAULT_IS_DURATION && strncmp(attribute->name, key, bytes) == 0 &&
           strcmp(attribute->name + bytes, "_ms") == 0;
}

static const struct fault_attribute *find_attribute(const struct fault_type_row *row,
                                                    const char *key)
{
    const struct fault_attribute *attribute = NULL;
    while ((attribute = fault_next_attribute(row, attribute)) != NULL)
        if (strcmp(attribute->name, key) == 0 || is_short_name(attribute, key))
            return attribute;
    return NULL;
}

static bool take_text(struct fault *fault, const char *value)
{
    size_t bytes = strlen(value);
    if (bytes > FAULT_TEXT_BYTES)
        return false;
    memcpy(fault->text, value, bytes + 1);
    return true;
}

static bool read_value(const struct fault_attribute *attribute, bool has_unit, uint64_t *value,
                       const char *text)
{
    switch (attribute->kind) {
    case FAULT_IS_DURATION:
        return has_unit ? fault_read_duration(value, text) : fault_read_number(value, text);
    case FAULT_IS_SHARE:
        return fault_read_share(value, text);
    default:
        return fault_read_number(value, text);
    }
}

static bool tell_range(const struct fault_attribute *attribute, const char *key,
                       struct fault_problem *problem)
{
    if (attribute->kind == FAULT_IS_SHARE)
        return wrong(problem, key, "a share above 0, at most 1, as 0.01 or 1%%");
    return wrong(problem, key, "from %llu to %llu%s", (unsigned long long)attribute->min,
                 (unsigned long long)attribute->max,
                 attribute->kind == FAULT_IS_DURATION ? " ms, as 300ms or 20s" : "");
}

static bool tell_words(const struct fault_attribute *attribute, const char *key,
                       struct fault_problem *problem)
{
    char list[FAULT_PROBLEM_BYTES / 2] = "";
    for (size_t i = 0; attribute->words[i] != NULL; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, " %s", attribute->words[i]);
    }
    return wrong(problem, key, "one of%s", list);
}

/* The words of packet in a type that has fewer are the same as in the one that has them all. */
static uint64_t word_value(const struct fault_attribute *attribute, uint64_t place)
{
    bool is_only = attribute->value == FAULT_PACKET && attribute->words[1] == NULL;
    return is_only ? FAULT_PACKET_PUBLISH : place;
}

const char *fault_word(const struct fault *fault, const struct fault_attribute *attribute)
{
    uint64_t value = fault->values[attribute->value];
    bool is_only = attribute->value == FAULT_PACKET && attribute->words[1] == NULL;
    return attribute->words[is_only ? 0 : value];
}

static bool put_attribute(struct fault *fault, const struct fault_attribute *attribute,
                          const char *key, const char *text, struct fault_problem *problem)
{
    uint64_t value = 0;
    if (attribute->kind == FAULT_IS_TEXT) {
        if (!take_text(fault, text))
            return wrong(problem, key, "at most %d bytes", FAULT_TEXT_BYTES);
    } else if (attribute->kind == FAULT_IS_WORD) {
        if (!fault_read_word(&value, text, attribute->words))
            return tell_words(attribute, key, problem);
        value = word_value(attribute, value);
    } else if (!read_value(attribute, strcmp(key, attribute->name) != 0, &value, text) ||
               value < attribute->min || value > attribute->max) {
        return tell_range(attribute, key, problem);
    }
    if (attribute->value < FAULT_VALUES)
        fault->values[attribute->value] = value;
    fault->given |= 1U << attribute->value;
    return true;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

bool fault_begin(struct fault *fault, const char *type, struct fault_problem *problem)
{
    const struct fault_type_row *row = fault_type_find(type);
    if (row == NULL)
        return wrong(problem, "type", "there is no fault of the type %.40s", type);
    *fault = (struct fault){
        .type = (enum fault_type)(row - fault_types),
        .stream = FAULT_BOTH,
        .toxicity_ppm = FAULT_ALWAYS_PPM,
        .link = row->links == FAULT_ON_BROKER ? FAULT_ON_BROKER : FAULT_ON_UART,
    };
    return true;
}

bool fault_put(struct fault *fault, const char *key, const char *value,
               struct fault_problem *problem)
{
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(common[i].key, key) == 0)
            return common[i].put(fault, value, problem);
    const struct fault_attribute *attribute = find_attribute(fault_type_of(fault), key);
    if (attribute == NULL)
        return wrong(problem, key, "a fault %s has no %.40s", fault_type_of(fault)->name, key);
    return put_attribute(fault, attribute, key, value, problem);
}

static bool fill_default(struct fault *fault, const struct fault_attribute *attribute,
                         struct fault_problem *problem)
{
    if (attribute->standard == NULL)
        return wrong(problem, attribute->name, "a fault %s needs %s", fault_type_of(fault)->name,
                     attribute->name);
    return put_attribute(fault, attribute, attribute->name, attribute->standard, problem);
}

static bool has_one_of(const struct fault *fault, struct fault_problem *problem)
{
    const struct fault_type_row *row = fault_type_of(fault);
    const struct fault_attribute *each = row->attributes;
    bool is_one = fault_has(fault, each[0].value) != fault_has(fault, each[1].value);
    return is_one || wrong(problem, NULL, "a fault %s needs either %s or %s", row->name,
                           each[0].name, each[1].name);
}

static bool is_for_its_link(const struct fault *fault, struct fault_problem *problem)
{
    const struct fault_attribute *attribute = NULL;
    while ((attribute = fault_next_attribute(fault_type_of(fault), attribute)) != NULL)
        if (fault_has(fault, attribute->value) && (attribute->links & fault->link) == 0)
            return wrong(problem, attribute->name, "not on the link %s",
                         fault_link_words[fault->link == FAULT_ON_BROKER]);
    return true;
}

bool fault_finish(struct fault *fault, struct fault_problem *problem)
{
    const struct fault_type_row *row = fault_type_of(fault);
    const struct fault_attribute *attribute = NULL;
    if (!is_for_its_link(fault, problem))
        return false;
    if (row->need == FAULT_NEEDS_ONE_OF)
        return has_one_of(fault, problem);
    while ((attribute = fault_next_attribute(row, attribute)) != NULL)
        if (!fault_has(fault, attribute->value) && !fill_default(fault, attribute, problem))
            return false;
    return true;
}

/* ---- a line --------------------------------------------------------------------------------- */

static bool put_pair(struct fault *fault, char *word, struct fault_problem *problem)
{
    char *equals = strchr(word, '=');
    if (equals == NULL)
        return wrong(problem, NULL, "%.40s is not of the form KEY=VALUE", word);
    *equals = '\0';
    return fault_put(fault, word, equals + 1, problem);
}

bool fault_parse(struct fault *fault, const char *line, struct fault_problem *problem)
{
    char word[FAULT_TEXT_BYTES + FAULT_NAME_BYTES + 2];
    enum fault_split split = fault_split_word(&line, word, sizeof word);
    if (split != FAULT_SPLIT_WORD)
        return wrong(problem, "type", "a fault needs a type");
    if (!fault_begin(fault, word, problem))
        return false;
    while ((split = fault_split_word(&line, word, sizeof word)) == FAULT_SPLIT_WORD)
        if (!put_pair(fault, word, problem))
            return false;
    if (split == FAULT_SPLIT_WRONG)
        return wrong(problem, NULL, "a word is too long, or a quote has no end");
    return fault_finish(fault, problem);
}
