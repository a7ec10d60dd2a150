/* words.h: what hosts and brokers say, for the engine's grammar and the fuzzers' dictionary. The
 * commands themselves are those of the modem's table. */
#ifndef TESTS_FUZZ_WORDS_H
#define TESTS_FUZZ_WORDS_H

#include <stddef.h>

#include "imqtt/dialect.h"

/* Lines that lead deep into the modem, with their ends. */
extern const char *const useful_lines[];
extern const size_t useful_line_count;

struct word_list {
    const char *const *words;
    size_t count;
};

/* Those of a dialect; NULL: imqtt's own. */
const struct word_list *useful_lines_of(const struct imqtt_dialect *dialect);

/* Parameters: numbers at the edges of ranges, topics, strings in each form, tags. */
extern const char *const parameters[];
extern const size_t parameter_count;

/* Topics of inbound messages. */
extern const char *const topics[];
extern const size_t topic_count;

#endif
