#include "core/mqtt/connack.h"
#include "core/mqtt/wire/violation.h"

#define SESSION_PRESENT 0x01

/* By return code [MQTT-3.2.2.3]. */
static const char *const refusals[] = {
    NULL,
    "refused: unacceptable protocol version",
    "refused: client id rejected",
    "refused: server unavailable",
    "refused: bad user name or password",
    "refused: not authorized",
};

bool connack_session_present(const struct mqtt_packet *connack,
                             const struct connack_context *context)
{
    if (context->version == MQTT_3_1)
        return !context->is_clean;
    return (connack->connack_flags & SESSION_PRESENT) != 0;
}

struct imqtt_failure connack_remark(const struct mqtt_packet *connack,
                                    const struct connack_context *context)
{
    static const struct imqtt_failure none = {IMQTT_STAGE_NONE, 0, ""},
                                      kept = {IMQTT_STAGE_NONE, 1, "session present"};
    bool is_told = context->version != MQTT_3_1 && connack_session_present(connack, context);
    return IMQTT_WITH_DETAILS && is_told ? kept : none;
}

static const char *check(const struct mqtt_packet *connack, const struct connack_context *context)
{
    if (connack->return_code >= sizeof refusals / sizeof refusals[0])
        return MALFORMED("CONNACK with an unknown return code");
    if (connack->return_code == 0 && !context->connect_has_left)
        return VIOLATION("CONNACK before CONNECT was sent");
    if (context->version == MQTT_3_1)
        return NULL;
    if ((connack->connack_flags & ~SESSION_PRESENT) != 0)
        return MALFORMED("CONNACK with reserved bits set");
    if (!connack_session_present(connack, context))
        return NULL;
    if (connack->return_code != 0)
        return VIOLATION("CONNACK refuses, with a session present");
    return context->is_clean ? VIOLATION("CONNACK with a session, where none was kept") : NULL;
}

bool connack_accepts(const struct mqtt_packet *connack, const struct connack_context *context,
                     struct imqtt_failure *failure)
{
    const char *violation = check(connack, context);
    uint8_t code = connack->return_code;
    if (violation != NULL)
        *failure = (struct imqtt_failure){IMQTT_STAGE_PEER, 0, violation};
    else if (code != 0)
        *failure = (struct imqtt_failure){IMQTT_STAGE_CONNACK, code, refusals[code]};
    return violation == NULL && code == 0;
}
