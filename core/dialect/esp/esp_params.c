#include "core/dialect/esp/esp_params.h"
#include "core/bytes/ascii.h"
#include "core/bytes/utf8.h"
#include "core/mqtt/wire/topic.h"

#if IMQTT_WITH_DIALECTS

/* How far a number stands behind that of a missing parameter (esp_errors.h). */
#define IS_WRONG    1U
#define IS_TOO_LONG 2U

static void note(struct esp_params *taken, unsigned number)
{
    if (taken->error == 0 && taken->params->error != IMQTT_DONE)
        taken->error = (enum esp_error)number;
}

/* A place that is missing at the end of the line is an error, an empty one is not. */
static bool is_missing(struct esp_params *taken, enum esp_error of)
{
    if (params_more(taken->params))
        return false;
    params_fail(taken->params, IMQTT_BAD_PARAMETERS);
    note(taken, of);
    return true;
}

void esp_begin(struct esp_params *taken, struct params *params)
{
    taken->params = params;
    taken->error = (enum esp_error)0;
    taken->strings = out_on(taken->room, sizeof taken->room);
}

void esp_begin_link(struct esp_params *taken, struct params *params)
{
    esp_begin(taken, params);
    esp_take_number(taken, 0, 0, ESP_OF_LINK);
}

uint32_t esp_take_number(struct esp_params *taken, uint32_t min, uint32_t max, enum esp_error of)
{
    if (is_missing(taken, of))
        return min;
    uint32_t number = params_number(taken->params, min, max);
    note(taken, of + (of == ESP_OF_KEEP_ALIVE ? 2U : IS_WRONG));
    return number;
}

/* ---- strings ------------------------------------------------------------------------------------ */

static bool is_escaped(struct span text, size_t at)
{
    uint8_t next = at + 1 < text.count ? text.bytes[at + 1] : 0;
    return text.bytes[at] == '\\' && (next == ',' || next == '"' || next == '\\');
}

static struct text keep(struct esp_params *taken, struct span raw, bool is_quoted)
{
    size_t begins = taken->strings.count;
    for (size_t i = 0; i < raw.count; i++) {
        if (is_quoted && is_escaped(raw, i))
            i++;
        out_u8(&taken->strings, raw.bytes[i]);
    }
    return (struct text){span_of(taken->room + begins, taken->strings.count - begins), 0};
}

static bool is_quoted(const struct params *params)
{
    return span_first(span_trim_start(span_of(params->bytes, params->count))) == '"';
}

static struct text take(struct esp_params *taken, size_t max_bytes, enum esp_error of,
                        struct text (*take_raw)(struct params *params))
{
    struct params *params = taken->params;
    if (is_missing(taken, of) || params_skip_empty(params))
        return TEXT_EMPTY;
    bool has_quotes = is_quoted(params);
    struct text text = keep(taken, take_raw(params).raw, has_quotes);
    note(taken, of);
    if (text_bytes(text) > max_bytes)
        params_fail(params, IMQTT_TEXT_TOO_LONG);
    note(taken, of + IS_TOO_LONG);
    return text;
}

static struct text take_any_text(struct params *params)
{
    return params_text(params, SIZE_MAX);
}

struct text esp_take_text(struct esp_params *taken, size_t max_bytes, enum esp_error of)
{
    return take(taken, max_bytes, of, take_any_text);
}

struct text esp_take_message(struct esp_params *taken, size_t max_bytes, enum esp_error of)
{
    return take(taken, max_bytes, of, params_message);
}

/* ---- strings that MQTT has rules for --------------------------------------------------------------- */

static struct text check(struct esp_params *taken, struct text text, bool is_valid,
                         enum esp_error of)
{
    if (!is_valid && taken->params->error == IMQTT_DONE)
        params_fail(taken->params, IMQTT_BAD_CHARACTER);
    note(taken, of);
    return text;
}

struct text esp_take_utf8(struct esp_params *taken, size_t max_bytes, enum esp_error of)
{
    struct text text = esp_take_text(taken, max_bytes, of);
    bool is_valid = utf8_is_valid(text.raw) && !utf8_has_disputed(text.raw);
    return check(taken, text, is_valid, of);
}

static bool is_host(struct span name)
{
    for (size_t i = 0; i < name.count; i++)
        if (name.bytes[i] <= ' ' || name.bytes[i] >= ASCII_DEL || name.bytes[i] == '"')
            return false;
    return name.count > 0;
}

struct text esp_take_host(struct esp_params *taken)
{
    struct text host = esp_take_text(taken, IMQTT_ADDRESS_BYTES, ESP_OF_HOST);
    return check(taken, host, is_host(host.raw), ESP_OF_HOST);
}

struct text esp_take_topic(struct esp_params *taken)
{
    struct text topic = esp_take_text(taken, SIZE_MAX, ESP_OF_TOPIC);
    return check(taken, topic, topic_name_is_undisputed(topic.raw), ESP_OF_TOPIC);
}

struct text esp_take_will_topic(struct esp_params *taken, size_t max_bytes)
{
    struct text topic = esp_take_text(taken, max_bytes, ESP_OF_WILL_TOPIC);
    bool is_valid = topic.raw.count == 0 || topic_name_is_undisputed(topic.raw);
    return check(taken, topic, is_valid, ESP_OF_WILL_TOPIC);
}

struct text esp_take_filter(struct esp_params *taken)
{
    struct text filter = esp_take_text(taken, SIZE_MAX, ESP_OF_TOPIC);
    bool is_valid = topic_filter_is_valid(filter.raw) && !utf8_has_disputed(filter.raw);
    return check(taken, filter, is_valid, ESP_OF_TOPIC);
}

enum imqtt_status esp_end(struct esp_params *taken, struct imqtt_modem *modem)
{
    enum imqtt_status status = params_end(taken->params);
    note(taken, ESP_COUNT_IS_WRONG);
    if (status != IMQTT_DONE)
        esp_fail(modem, taken->error);
    return status;
}

#endif
