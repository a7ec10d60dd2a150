/* Parameters (core/at/params.h): taken by any verbs in any order, they end in a status that a host
 * may see; a string that was taken is as long as it said, and reads back as what it was. */
#include <stdlib.h>

#include "core/at/params.h"
#include "core/bytes/hex.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"
#include "tests/unit/lender.h"

#define MOST_TEXT_BYTES 64

/* What a read answer shows can be typed back: as a string it is the same again. */
static void check_reads_back(struct span plain, bool is_message)
{
    size_t bytes = 2 * plain.count + sizeof "\"\""; /* every byte escaped, in quotes */
    uint8_t *typed = malloc(bytes + 1), *again = malloc(plain.count + 1);
    struct out shown = out_on(typed, bytes), read = out_on(again, plain.count);
    quoting_put_string(&shown, plain);
    promise(!shown.overflowed, "no byte is shown as more than two");
    struct params params = params_of(typed, shown.count);
    text_put(is_message ? params_message(&params) : params_text(&params, SIZE_MAX), &read);
    promise(params_end(&params) == IMQTT_DONE, "what is shown can be typed");
    promise(!read.overflowed && span_equal(out_written(&read), plain),
            "what is shown and typed back is the same string");
    free(typed);
    free(again);
}

static void check_text(const struct params *params, struct text text, bool is_message)
{
    size_t bytes = text_bytes(text);
    promise(text.escapes <= text.raw.count / 2, "an escape has two bytes");
    uint8_t *plain = malloc(bytes + 1);
    struct out out = out_on(plain, bytes);
    text_put(text, &out);
    promise(!out.overflowed && out.count == bytes, "a string is as long as it said");
    if (params->error == IMQTT_DONE)
        check_reads_back(out_written(&out), is_message);
    free(plain);
}

static void check_hex(const struct params *params, struct span digits)
{
    if (params->error != IMQTT_DONE)
        return;
    promise(hex_is_valid(digits), "digits that were taken are hex");
    uint8_t *bytes = malloc(digits.count / 2 + 1);
    struct out out = out_on(bytes, digits.count / 2);
    hex_decode(digits, &out);
    promise(!out.overflowed && out.count == digits.count / 2, "two digits are a byte");
    free(bytes);
}

static void check_number(uint32_t number, uint32_t min, uint32_t max)
{
    promise(number >= min && number <= max, "a number is in its range");
}

static void take_one(struct params *params, size_t verb)
{
    struct text text;
    switch (verb) {
    case 0:
        check_number(params_number(params, 1, 65535), 1, 65535);
        break;
    case 1:
        check_number(params_optional_number(params, 0, 1, 1), 0, 1);
        break;
    case 2:
        text = params_text(params, MOST_TEXT_BYTES);
        promise(text_bytes(text) <= MOST_TEXT_BYTES || params->error != IMQTT_DONE,
                "a string over its limit is an error");
        check_text(params, text, false);
        break;
    case 3:
        check_text(params, params_message(params), true);
        break;
    default:
        check_hex(params, params_hex(params));
        break;
    }
}

static bool is_answer(enum imqtt_status status)
{
    return status == IMQTT_DONE || status == IMQTT_TEXT_TOO_LONG || status == IMQTT_BAD_CHARACTER ||
           status == IMQTT_BAD_PARAMETERS;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    enum { TAKES_MAX = 20, VERBS = 5 };
    struct span input = span_of(bytes, count);
    uint16_t verbs = take_u16(&input);
    uint8_t *typed = malloc(input.count + 1);
    if (input.count > 0)
        memcpy(typed, input.bytes, input.count);
    struct params params = params_of(typed, input.count);
    for (size_t taken = 0; taken < TAKES_MAX && (taken == 0 || params_more(&params)); taken++) {
        take_one(&params, verbs % VERBS);
        verbs = (uint16_t)(verbs / VERBS + verbs % VERBS * 13107U);
    }
    promise(is_answer(params_end(&params)), "parameters end well, or in an error of the manual");
    free(typed);
    return 0;
}
