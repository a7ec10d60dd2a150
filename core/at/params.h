/* params.h: the parameters of one command, taken one after the other (commands.md section 2).
 *
 * The first thing that is wrong is remembered, the takes after it return harmless values, and
 * params_end() tells: a handler takes all it expects, asks once, and only then changes anything.
 * Of several errors the highest number wins: 50 before 25 before 24.
 */
#ifndef CORE_AT_PARAMS_H
#define CORE_AT_PARAMS_H

#include "core/at/quoting.h"
#include "imqtt/status.h"

struct params {
    uint8_t *bytes; /* what is left; ignored control bytes are blanked out in place */
    size_t count;
    bool is_clean;           /* known to hold no control byte */
    bool begun;              /* a parameter was taken: the next one needs a comma */
    bool ended;              /* the last parameter was taken, no comma follows */
    enum imqtt_status error; /* IMQTT_DONE while all is well */
};

struct params params_of(uint8_t *bytes, size_t count);

/* A number from min to max; `min` after an error. */
uint32_t params_number(struct params *params, uint32_t min, uint32_t max);

/* A number that may be missing at the end of the line; then `otherwise`. An empty place is an
 * error. */
uint32_t params_optional_number(struct params *params, uint32_t min, uint32_t max,
                                uint32_t otherwise);

/* A string, bare or quoted, of at most max_bytes (24 if longer). Bare and empty is error 50. */
struct text params_text(struct params *params, size_t max_bytes);

/* A message, in the three forms of section 2; nothing but `,<number>` may follow it. */
struct text params_message(struct params *params);

/* Hex digits, bare or quoted (25 if not); the raw text, which hex_decode() understands. */
struct span params_hex(struct params *params);

/* Whether the next parameter was left out: its place is empty, which is then taken, or there is none
 * any more. */
bool params_skip_empty(struct params *params);

/* Whether another parameter follows. */
bool params_more(const struct params *params);

/* Remembers an error that the handler found itself. */
void params_fail(struct params *params, enum imqtt_status error);

/* Nothing may be left. IMQTT_DONE or the error. */
enum imqtt_status params_end(struct params *params);

#endif
