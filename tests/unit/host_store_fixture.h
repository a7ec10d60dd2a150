/* host_store_fixture.h: a program with a store in a folder of the test's own, those who ask it, and
 * what it logs.
 *
 * All that is saved here has a canary in it, and no test may end with the canary in the log.
 */
#ifndef TESTS_UNIT_HOST_STORE_FIXTURE_H
#define TESTS_UNIT_HOST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/store/store.h"

struct program {
    struct loop loop;
    struct store *store;
    char root[64];   /* removed at the end, with all that is in it */
    char folder[96]; /* in there: the store's */
};

/* For cmocka: *state is a program that has started with a new folder. */
int program_set_up(void **state);
int program_tear_down(void **state);

void program_end(struct program *program);
void program_start(struct program *program);

/* Runs the loop until all is answered. */
void program_run(struct program *program);

/* The path of a file in the folder; valid until the next call. */
const char *program_file(const struct program *program, const char *name);

/* A modem as the store sees it, and what it was told. */
struct asker {
    struct modem_store *store;
    struct imqtt_store_port port;
    unsigned answers;
    bool leaves_when_told;
    bool safe;
    enum imqtt_load outcome;
    size_t count;
    uint8_t bytes[70000];
};

/* It stays where it is until it leaves. */
void asker_come(struct asker *asker, struct program *program, const char *terminal);
void asker_leave(struct asker *asker);

/* Begins to save the canary and then the text. */
void asker_put(struct asker *asker, enum imqtt_record which, const char *text);
void asker_ask(struct asker *asker, enum imqtt_record which);

/* What it was told last: there was the canary with exactly this text. */
bool asker_has(const struct asker *asker, const char *text);

/* As one who comes, does one thing, waits for the answer and leaves. text NULL: nothing is stored.
 */
bool save_as(struct program *program, const char *terminal, const char *text);
bool load_as(struct program *program, const char *terminal, const char *text);
bool fails_to_load_as(struct program *program, const char *terminal);

/* It keeps the log. */
extern const struct observer test_observer;

/* How many lines of the log have this in them; ": " is in every line. */
unsigned logged(const char *words);

/* Runs SQL through a connection of its own; the number in the first column of the first row. */
int sql(const char *path, const char *statement);

/* The whole file, NUL-terminated; to be freed. */
char *read_file(const char *path, size_t *count);
void write_file(const char *path, const void *bytes, size_t count);

/* The name of the only file that was set aside and ends so; NULL: there is none. Valid until the
 * next call. */
const char *find_aside(const struct program *program, const char *end);

#endif
