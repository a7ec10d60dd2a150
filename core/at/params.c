#include "core/at/params.h"
#include "core/bytes/one_copy.h"

#include "core/bytes/ascii.h"
#include "core/bytes/control_bytes.h"
#include "core/bytes/hex.h"
#include "core/bytes/number.h"

ONE_COPY struct params params_of(uint8_t *bytes, size_t count)
{
    return (struct params){.bytes = bytes, .count = count, .error = IMQTT_DONE};
}

/* ---- one parameter ------------------------------------------------------------------------- */

static struct span rest(const struct params *params)
{
    return span_of(params->bytes, params->count);
}

static void advance(struct params *params, size_t count)
{
    if (count > 0)
        params->bytes += count;
    params->count -= count;
}

static void skip_blanks(struct params *params)
{
    while (params->count > 0 && is_blank(params->bytes[0]))
        advance(params, 1);
}

/* false if there is none left. */
static bool begin_parameter(struct params *params)
{
    params->begun = true;
    if (params->ended)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    skip_blanks(params);
    return !params->ended;
}

/* Nothing but the end or a comma may be behind the `count` bytes of a parameter. */
static void end_parameter(struct params *params, size_t count)
{
    advance(params, count);
    if (params->count == 0 || params->bytes[0] != ',')
        skip_blanks(params);
    if (params->count == 0)
        params->ended = true;
    else if (params->bytes[0] == ',')
        advance(params, 1);
    else
        params_fail(params, IMQTT_BAD_PARAMETERS);
}

static struct span take_unquoted(struct params *params, size_t count, bool is_json)
{
    uint8_t *bytes = params->bytes;
    if (!params->is_clean && !quoting_clean(bytes, count, is_json))
        params_fail(params, IMQTT_BAD_CHARACTER);
    end_parameter(params, count);
    return span_trim(span_of(bytes, count));
}

static struct text bare_text(struct span raw)
{
    return (struct text){raw, 0};
}

static struct span take_bare(struct params *params)
{
    struct span value = take_unquoted(params, span_find(rest(params), ','), false);
    if (value.count == 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return value;
}

/* `closing` is the index of the quote that ends the string; one that is not there is an error. */
static struct text take_quoted(struct params *params, size_t closing)
{
    if (closing == 0 || closing == params->count) {
        params_fail(params, IMQTT_BAD_PARAMETERS);
        return TEXT_EMPTY;
    }
    struct span raw = span_of(params->bytes + 1, closing - 1);
    if (!params->is_clean && has_control(raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
    end_parameter(params, closing + 1);
    return quoting_text(raw);
}

static struct text take_json(struct params *params, uint8_t closing_bracket)
{
    size_t closing = span_find_last(rest(params), closing_bracket);
    if (closing == params->count) {
        params_fail(params, IMQTT_BAD_PARAMETERS);
        return TEXT_EMPTY;
    }
    return bare_text(take_unquoted(params, closing + 1, true));
}

static struct text take_string(struct params *params)
{
    if (!begin_parameter(params))
        return TEXT_EMPTY;
    if (span_first(rest(params)) == '"')
        return take_quoted(params, quoting_find_closing(rest(params)));
    return bare_text(take_bare(params));
}

/* ---- the verbs ----------------------------------------------------------------------------- */

static size_t count_digits(struct span text)
{
    size_t count = 0;
    while (count < text.count && is_digit(text.bytes[count]))
        count++;
    return count;
}

/* Nearly all numbers are digits alone, up to the comma or the end. */
static struct span take_digits(struct params *params)
{
    struct span digits = span_of(params->bytes, count_digits(rest(params)));
    if (digits.count < params->count && params->bytes[digits.count] != ',')
        return take_bare(params);
    end_parameter(params, digits.count);
    return digits;
}

uint32_t params_number(struct params *params, uint32_t min, uint32_t max)
{
    uint32_t value = min;
    if (begin_parameter(params) && !number_parse(take_digits(params), min, max, &value))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return value;
}

uint32_t params_optional_number(struct params *params, uint32_t min, uint32_t max,
                                uint32_t otherwise)
{
    return params_more(params) ? params_number(params, min, max) : otherwise;
}

struct text params_text(struct params *params, size_t max_bytes)
{
    struct text text = take_string(params);
    if (text_bytes(text) > max_bytes)
        params_fail(params, IMQTT_TEXT_TOO_LONG);
    return text;
}

struct text params_message(struct params *params)
{
    if (!begin_parameter(params))
        return TEXT_EMPTY;
    switch (span_first(rest(params))) {
    case '"':
        return take_quoted(params, span_find_last(rest(params), '"'));
    case '{':
        return take_json(params, '}');
    case '[':
        return take_json(params, ']');
    default:
        return bare_text(take_bare(params));
    }
}

struct span params_hex(struct params *params)
{
    struct span digits = take_string(params).raw;
    if (!hex_is_valid(digits))
        params_fail(params, IMQTT_BAD_CHARACTER);
    return digits;
}

bool params_more(const struct params *params)
{
    struct params left = *params;
    if (params->ended)
        return false;
    skip_blanks(&left);
    return left.begun || left.count > 0;
}

bool params_skip_empty(struct params *params)
{
    struct params left = *params;
    if (!params_more(params))
        return true;
    skip_blanks(&left);
    if (left.count > 0 && left.bytes[0] != ',')
        return false;
    begin_parameter(params);
    end_parameter(params, 0);
    return true;
}

/* Nothing outranks a syntax error that a handler or a parameter can have: the rest is not read. */
ONE_COPY void params_fail(struct params *params, enum imqtt_status error)
{
    if (error > params->error)
        params->error = error;
    if (error == IMQTT_BAD_PARAMETERS) {
        params->count = 0;
        params->ended = true;
    }
}

enum imqtt_status params_end(struct params *params)
{
    if (params_more(params))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return params->error;
}
