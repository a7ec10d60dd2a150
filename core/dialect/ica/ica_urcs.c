/* ica_urcs.c: news as these hosts hear them, and the last message read again. */
#include "core/dialect/ica/ica_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

void ica_say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "RDY");
    if (modem->radio.network.sim_ready)
        modem_say(modem, "+CPIN:READY");
}

static bool say_result(struct imqtt_modem *modem, const char *name, int32_t id, int32_t result)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, name);
    out_decimal(&urc, id);
    out_u8(&urc, ',');
    out_decimal(&urc, result);
    return modem_end_urc(modem, &urc);
}

static int32_t result_of(const struct mqtt_event *event)
{
    return event->acknowledged ? 0 : 1;
}

static bool say_subscribed(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct span codes = event->codes;
    uint8_t code = MQTT_REFUSED;
    span_take_u8(&codes, &code);
    return say_result(modem, "+IMQTTSUB:", event->packet_id, code);
}

/* ---- messages --------------------------------------------------------------------------------- */

/* Kept for AT+IMQTTRCVPUB?; without memory it forgets the one before. */
static void keep_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct out kept;
    client_forget(&modem->clients, ICA_CLIENT, ICA_LAST_MESSAGE);
    if (!client_begin_string(&modem->clients, ICA_CLIENT, ICA_LAST_MESSAGE,
                             4 + event->topic.count + event->payload.count, &kept))
        return;
    out_u16(&kept, event->packet_id);
    out_u16(&kept, (uint16_t)event->topic.count);
    out_span(&kept, event->topic);
    out_span(&kept, event->payload);
}

static bool take_kept(const struct imqtt_modem *modem, struct message *message)
{
    struct span kept = client_string(&modem->clients, ICA_CLIENT, ICA_LAST_MESSAGE);
    uint16_t topic_bytes;
    bool is_there = span_take_u16(&kept, &message->packet_id) &&
                    span_take_u16(&kept, &topic_bytes) &&
                    span_take(&kept, topic_bytes, &message->topic);
    message->payload = kept;
    return is_there;
}

/* ,<format>,<fragment id>: only for a host that has set how it wants them. */
static void put_part(struct out *line, const struct imqtt_modem *modem, const struct message *part,
                     size_t fragment, bool is_configured)
{
    put_message(line, part, modem->settings.receive_hex);
    if (!is_configured)
        return;
    out_u8(line, ',');
    out_decimal(line, modem->settings.receive_hex);
    out_u8(line, ',');
    out_decimal(line, (int32_t)fragment);
}

/* A line for each part, or one for all; fragment ids count down to 0. */
static bool show_parts(struct imqtt_modem *modem, const struct message *message,
                       struct out begin(struct imqtt_modem *modem),
                       bool end(struct imqtt_modem *modem, struct out *line))
{
    uint32_t part_bytes = client_number(&modem->clients, ICA_CLIENT, ICA_RECEIVE_PART, 0);
    size_t bytes = message->payload.count;
    size_t fragment = part_bytes > 0 && bytes > 0 ? (bytes - 1) / part_bytes : 0;
    struct message part = *message;
    struct span rest = message->payload;
    for (bool is_last = false; !is_last; fragment--) {
        is_last = fragment == 0;
        span_take(&rest, is_last ? rest.count : part_bytes, &part.payload);
        struct out line = begin(modem);
        out_text(&line, "+IMQTTRCVPUB:");
        put_part(&line, modem, &part, fragment, part_bytes > 0);
        if (!end(modem, &line))
            return false;
    }
    return true;
}

static bool say_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct message message = {event->packet_id, event->topic, event->payload};
    keep_message(modem, event);
    return show_parts(modem, &message, modem_begin_urc, modem_end_urc);
}

static bool end_line(struct imqtt_modem *modem, struct out *line)
{
    return modem_end_line(modem, line) == IMQTT_DONE;
}

enum imqtt_status ica_last_message_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct message message;
    if (!take_kept(modem, &message))
        return IMQTT_DONE;
    bool is_shown = show_parts(modem, &message, modem_begin_line, end_line);
    return is_shown ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

/* ---- which of them ---------------------------------------------------------------------------- */

bool ica_say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    switch (news->kind) {
    case SESSION_CONNECTED:
        return modem_say(modem, "+IMQTTSTATE:1");
    case SESSION_REFUSED:
    case SESSION_LOST:
    case SESSION_DISCONNECTED:
        return modem_say(modem, "+IMQTTSTATE:0");
    case SESSION_PUBLISHED:
        return event->tag == PUBLISHED_BY_PUBEX
                   ? say_result(modem, "+IMQTTPUBEX:", event->packet_id, result_of(event))
                   : say_result(modem, "+IMQTTPUB:", event->packet_id, result_of(event));
    case SESSION_SUBSCRIBED:
        return news->is_known || say_subscribed(modem, event);
    case SESSION_UNSUBSCRIBED:
        return news->is_known ||
               say_result(modem, "+IMQTTUNSUB:", event->packet_id, result_of(event));
    case SESSION_MESSAGE:
        return say_message(modem, event);
    default: /* as imqtt says it: what waits in the buffer of receive mode 1 */
        return say_session(modem, news);
    }
}

#endif
