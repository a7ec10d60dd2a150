/* params_fixture.h: readers of parameters. Each line is read twice, as A/ would: both readings must
 * be the same. */
#ifndef TESTS_UNIT_PARAMS_FIXTURE_H
#define TESTS_UNIT_PARAMS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/at/params.h"

#define LITERAL(text) span_of((const uint8_t *)(text), sizeof(text) - 1)

/* What one reading of a line gives, in words: "text|number|" and the error. */
struct reading {
    uint8_t bytes[512];
    struct out words;
    enum imqtt_status status;
};

typedef void reader(struct params *params, struct out *words);

void note_number(struct out *words, uint32_t number);

void read_once(uint8_t *line, size_t count, reader *read, struct reading *reading);

void assert_reads(reader *read, struct span line, struct span words, enum imqtt_status status);
void assert_good(reader *read, const char *line, const char *words);
void assert_bad(reader *read, const char *line, enum imqtt_status status);

/* ---- shapes that commands have -------------------------------------------------------------- */

reader texts, hex, publish_params, optional_number;

#endif
