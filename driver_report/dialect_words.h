/* dialect_words.h: other makers' dialects (docs/dialects), as far as a report needs their words: what
 * says that a connection stands or is lost, and what a host types that has noticed. */
#ifndef DRIVER_REPORT_DIALECT_WORDS_H
#define DRIVER_REPORT_DIALECT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct dialect_words {
    const char *families[3];   /* how the names of its MQTT commands begin; NULL: no more */
    const char *booted;        /* the line that begins a new life */
    const char *connected[2];  /* how the line begins, and ends, that says so; NULL: an OK */
    const char *connects;      /* the command whose OK that is */
    const char *lost[3];       /* how the lines begin of a loss */
    const char *const *notice; /* commands of a host that knows of it; NULL ends them */
    const char *const *ends;   /* commands that end a connection; NULL ends them */
};

/* The dialect whose command stands in a line; NULL: it is none of another dialect's. */
const struct dialect_words *dialect_words_of(const char *line);

/* ica, whose commands have the names of imqtt's. */
const struct dialect_words *dialect_words_of_ica(void);

/* Whether a line has one of these commands. */
bool dialect_line_has(const char *line, const char *const *commands);

bool dialect_says_connected(const struct dialect_words *words, const char *line);
bool dialect_says_lost(const struct dialect_words *words, const char *line);

#endif
