/* known_dialects.c: the one list of dialects, by the names that a user chooses them by. */
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

static const struct {
    const char *name;
    const struct imqtt_dialect *dialect;
} known[] = {
    {"imqtt", &imqtt_dialect_default}, {"ica", &imqtt_dialect_ica}, {"qmt", &imqtt_dialect_qmt},
    {"cmqtt", &imqtt_dialect_cmqtt},   {"esp", &imqtt_dialect_esp}, {"sm", &imqtt_dialect_sm},
};
#define KNOWN (sizeof known / sizeof known[0])

const struct imqtt_dialect *imqtt_dialect_named(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (span_equal(span_text(name), span_text(known[i].name)))
            return known[i].dialect;
    return NULL;
}

const char *imqtt_dialect_word(const struct imqtt_dialect *dialect)
{
    for (size_t i = 1; i < KNOWN; i++)
        if (known[i].dialect == dialect)
            return known[i].name;
    return NULL;
}

const char *imqtt_dialect_name(size_t index)
{
    return index < KNOWN ? known[index].name : NULL;
}

uint8_t imqtt_dialect_clients(const struct imqtt_dialect *dialect)
{
    return dialect != NULL && dialect->clients > 1 ? dialect->clients : 1;
}

bool imqtt_dialect_has_bare_lines(const struct imqtt_dialect *dialect)
{
    return dialect != NULL && dialect->bare_lines;
}

/* The last extended command of the line. */
static struct span find_name(const char *line)
{
    struct span rest = span_text(line), name = SPAN_EMPTY;
    rest.count = span_find(rest, '"');
    rest.count = span_find(rest, '=');
    size_t plus = span_find_last(rest, '+');
    if (plus < rest.count && span_skip(&rest, plus))
        name = rest;
    name.count = span_find(name, '?');
    return span_trim(name);
}

bool imqtt_dialect_has_plain_error(const struct imqtt_dialect *dialect, const char *line)
{
    struct span name = find_name(line);
    for (size_t i = 0; dialect != NULL && i < dialect->commands.count; i++)
        if (span_equal_ignoring_case(name, span_text(dialect->commands.commands[i].name)))
            return dialect->commands.commands[i].plain_errors;
    return false;
}

#endif
