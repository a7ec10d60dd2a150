#include "core/dialect/imqtt/checks.h"
#include "core/bytes/ascii.h"
#include "core/bytes/utf8.h"
#include "core/mqtt/wire/topic.h"
#include "imqtt/limits.h"

struct text take_utf8(struct params *params, size_t max_bytes)
{
    struct text text = params_text(params, max_bytes);
    if (!utf8_is_valid(text.raw) || utf8_has_disputed(text.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
    return text;
}

struct text take_host(struct params *params)
{
    struct text host = params_text(params, IMQTT_ADDRESS_BYTES);
    if (host.raw.count == 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    for (size_t i = 0; i < host.raw.count; i++)
        if (host.raw.bytes[i] <= ' ' || host.raw.bytes[i] >= ASCII_DEL || host.raw.bytes[i] == '"')
            params_fail(params, IMQTT_BAD_CHARACTER);
    return host;
}

struct text take_topic_filter(struct params *params)
{
    struct text filter = params_text(params, SIZE_MAX);
    if (!topic_filter_is_valid(filter.raw) || utf8_has_disputed(filter.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
    return filter;
}

void check_topic_name(struct params *params, struct text topic)
{
    if (!topic_name_is_undisputed(topic.raw))
        params_fail(params, IMQTT_BAD_CHARACTER);
}

static void take_retained(struct params *params, struct publish_params *into)
{
    into->retained = params_optional_number(params, 0, 1, 0) == 1;
}

static void take_topic_and_qos(struct params *params, struct publish_params *into)
{
    check_topic_name(params, into->topic);
    into->qos = (uint8_t)params_number(params, 0, 2);
}

struct text take_publish_text(struct params *params, struct publish_params *into)
{
    take_topic_and_qos(params, into);
    struct text message = params_message(params);
    take_retained(params, into);
    return message;
}

struct span take_publish_hex(struct params *params, struct publish_params *into)
{
    take_topic_and_qos(params, into);
    struct span hex = params_hex(params);
    take_retained(params, into);
    return hex;
}
