/* secret_words.h: which commands carry a secret, in imqtt's dialect and in the others, and behind which of
 * their fields it stands. The one table of it: the trace and what is printed have stars there, the
 * report finds what was echoed, imqttctl keeps such lines out of its history and fills them in again.
 *
 * It goes by the words, in any case and wherever they stand in a line. Where quotes leave a doubt, each
 * comma ends a field: rather too much is a secret than too little.
 */
#ifndef DRIVER_REPORT_SECRET_WORDS_H
#define DRIVER_REPORT_SECRET_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct secret_place {
    const char *command; /* IMQTTUSER */
    size_t at;           /* where the secret begins in the line, which it goes on to the end of */
    bool is_typed;       /* by a host; else it was read back */
};

/* The first secret behind `from`, which goes on behind its command. false: there is none. */
bool secret_words_next(const uint8_t *line, size_t count, size_t *from, struct secret_place *place);

/* Where anything begins that could be the beginning of such a command. count: nowhere. */
size_t secret_words_anchor(const uint8_t *line, size_t count);

/* One of the commands stands in it, with a secret or without. */
bool secret_words_stand_in(const uint8_t *line, size_t count);

/* Replaces what is secret in one line by '*', byte by byte; quotes and line ends stay. true: there was
 * some. */
bool secret_words_star(uint8_t *line, size_t count);

/* So many bytes behind this line of a host's are a secret, sent as data. Mostly 0. */
size_t secret_words_data_bytes(const uint8_t *line, size_t count);

#endif
