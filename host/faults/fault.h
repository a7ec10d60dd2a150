/* fault.h: one fault, as it was asked for, and the words it is asked for with.
 *
 *     latency link=broker stream=down latency=300ms jitter=50ms ttl=30s when=AT+IMQTTPUB*
 *
 * A fault is begun with its type, given its words one by one, and finished, which fills the
 * defaults in. What is wrong is told in English, with the word that it is about.
 */
#ifndef HOST_FAULTS_FAULT_H
#define HOST_FAULTS_FAULT_H

#include "host/faults/fault_random.h"
#include "host/faults/fault_types.h"

#define FAULT_NAME_BYTES    32
#define FAULT_WHEN_BYTES    128
#define FAULT_PROBLEM_BYTES 160
#define FAULT_ALWAYS_PPM    1000000
#define FAULT_TTL_MAX_MS    UINT64_C(31536000000) /* a year */
#define FAULT_COUNT_MAX     UINT64_C(1000000000)
#define FAULT_SEED_MAX      UINT64_C(9007199254740991) /* what JSON's numbers hold exactly */

struct fault {
    struct fault *next;              /* in its set */
    char name[FAULT_NAME_BYTES + 1]; /* letters, digits, '.', '_', '-'; empty: the set finds one */
    enum fault_type type;
    enum fault_link link;
    enum fault_stream stream;
    uint32_t toxicity_ppm; /* the share of pieces it strikes */
    uint64_t seed;
    bool has_seed;
    uint64_t ttl_ms;                 /* 0: it stays */
    uint64_t count;                  /* how often it strikes; 0: without end */
    char when[FAULT_WHEN_BYTES + 1]; /* a glob; empty: always */
    uint64_t values[FAULT_VALUES];   /* the attributes; 0: not given */
    uint32_t given;                  /* bits: which attributes were, 1 << enum fault_value */
    char text[FAULT_TEXT_BYTES + 1];

    /* While it is in a set: */
    uint64_t ends_ms; /* of the loop's clock; 0: it stays */
    uint64_t struck;  /* how often it has */
    struct fault_random random;
};

/* What is wrong, and with which key (NULL: the fault as a whole). */
struct fault_problem {
    char key[FAULT_NAME_BYTES + 1];
    char text[FAULT_PROBLEM_BYTES];
};

bool fault_begin(struct fault *fault, const char *type, struct fault_problem *problem);

/* One word: name, link, stream, toxicity, seed, ttl or ttl_ms, count, when, or an attribute of the
 * type. Order does not matter. */
bool fault_put(struct fault *fault, const char *key, const char *value,
               struct fault_problem *problem);

/* Fills the defaults in; false: something is missing, or does not go together. */
bool fault_finish(struct fault *fault, struct fault_problem *problem);

/* All of it from one line: "TYPE KEY=VALUE …". A value with spaces stands in double quotes, where a
 * backslash takes the next character as it is, but for \r and \n. */
bool fault_parse(struct fault *fault, const char *line, struct fault_problem *problem);

static inline bool fault_has(const struct fault *fault, enum fault_value value)
{
    return (fault->given & 1U << value) != 0;
}

static inline const struct fault_type_row *fault_type_of(const struct fault *fault)
{
    return &fault_types[fault->type];
}

/* It is about that direction: up or down. */
static inline bool fault_is_on(const struct fault *fault, enum fault_stream stream)
{
    return fault->stream == FAULT_BOTH || fault->stream == stream;
}

#endif
