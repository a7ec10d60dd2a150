/* known_dialects.c: the one list of dialects, by the names that a user chooses them by. */
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

static const struct {
    const char *name;
    const struct imqtt_dialect *dialect;
} known[] = {
    {"imqtt", &imqtt_dialect_default},
    {"ica", &imqtt_dialect_ica},
    {"qmt", &imqtt_dialect_qmt},
    {"cmqtt", &imqtt_dialect_cmqtt},
    {"esp", &imqtt_dialect_esp},
    {"sm", &imqtt_dialect_sm},
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

#endif
