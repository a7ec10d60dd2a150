/* answer_reader.h: what a host that waits for each result reads, in any dialect: the echo of its line, the
 * answer, which ends with its one final result, and then the URCs that were said meanwhile, byte for
 * byte. Nothing needs to be known of URCs but how many bytes each has, which the modem's news tell. */
#ifndef TESTS_FUZZ_ANSWER_READER_H
#define TESTS_FUZZ_ANSWER_READER_H

#include "imqtt/dialect.h"
#include "tests/transcripts/machine.h"

struct answers {
    struct machine *machine;
    struct buffer heard; /* since the modem was last at rest */
    struct buffer echo;  /* that must stand before the answer, or the rest of it behind data */
    bool is_open;        /* a line was typed that has not had its result */
    bool is_behind_data; /* the prompt was read, and the data given */
    bool has_answered;   /* before the prompt: OK, and then >, and another result in words */
    bool is_blind;       /* ATQ1 or ATV0: what ends an answer cannot be seen */
};

/* Nobody has typed yet. */
void answers_begin(struct answers *answers, struct machine *machine);
void answers_end(struct answers *answers);

/* The next line may be typed: the last one is answered. */
bool answers_is_at_rest(const struct answers *answers);

/* The host types a command line, or data behind a prompt, of which so much is echoed. */
void answers_type(struct answers *answers, struct span line);
void answers_give(struct answers *answers, struct span data, size_t echoed);

/* Takes what the modem has said, and judges it when the modem is at rest or has said a prompt. */
void answers_read(struct answers *answers);

#endif
