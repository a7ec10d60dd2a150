/* sm_urcs.c: news as these hosts hear them: most of them end the command that waits. */
#include "core/dialect/sm/sm_client.h"
#include "core/modem/command_line.h"
#include "core/modem/say.h"
#include "core/mqtt/wire/packet.h"

#if IMQTT_WITH_DIALECTS

void sm_say_booted(struct imqtt_modem *modem)
{
    modem_say(modem, "RDY");
    modem_say(modem, "+CFUN: 1");
    if (modem->radio.network.sim_ready)
        modem_say(modem, "+CPIN: READY");
    modem_say(modem, "SMS Ready");
}

/* ---- commands that wait --------------------------------------------------------------------------- */

static bool is_awaited(const struct imqtt_modem *modem, enum sm_awaited what)
{
    return sm_number(modem, SM_AWAITED) == what;
}

static void end_wait(struct imqtt_modem *modem, enum sm_awaited what, enum imqtt_status status)
{
    if (!is_awaited(modem, what))
        return;
    client_forget(&modem->clients, SM_CLIENT, SM_AWAITED);
    command_line_decide(modem, status);
}

/* Behind the line that tells of the loss, which comes next. */
static bool ends_with_link(const struct mqtt_event *event)
{
    return !event->acknowledged && event->failure.stage != IMQTT_STAGE_REQUEST;
}

static void end_request(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    bool is_refused = span_find(event->codes, MQTT_REFUSED) < event->codes.count;
    bool is_done = event->acknowledged && !is_refused;
    if (event->tag == SM_REQUEST && !ends_with_link(event))
        end_wait(modem, SM_REQUEST, is_done ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR);
}

static bool say_lost(struct imqtt_modem *modem)
{
    static const char text[] = "+SMSTATE: 0";
    if (!is_awaited(modem, SM_REQUEST))
        return modem_say(modem, text);
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    bool is_said = modem_end_line(modem, &line) == IMQTT_DONE;
    end_wait(modem, SM_REQUEST, IMQTT_UNKNOWN_ERROR);
    return is_said;
}

/* ---- messages ------------------------------------------------------------------------------------- */

static bool say_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+SMSUB: \"");
    quoting_put_escaped(&urc, event->topic);
    out_text(&urc, "\",\"");
    if (sm_number(modem, SM_RECEIVE_HEX) == 1)
        out_hex(&urc, event->payload);
    else
        out_span(&urc, event->payload);
    out_u8(&urc, '"');
    return modem_end_urc(modem, &urc);
}

/* ---- which of them -------------------------------------------------------------------------------- */

bool sm_say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    switch (news->kind) {
    case SESSION_CONNECTED:
        end_wait(modem, SM_CONNECTION, IMQTT_DONE);
        break;
    case SESSION_REFUSED:
        end_wait(modem, SM_CONNECTION, IMQTT_UNKNOWN_ERROR);
        break;
    case SESSION_DISCONNECTED: /* whoever has ended it */
        end_wait(modem, SM_CONNECTION, IMQTT_UNKNOWN_ERROR);
        end_wait(modem, SM_DISCONNECTION, IMQTT_DONE);
        end_wait(modem, SM_REQUEST, IMQTT_UNKNOWN_ERROR);
        break;
    case SESSION_LOST:
        return say_lost(modem);
    case SESSION_PUBLISHED:
    case SESSION_SUBSCRIBED:
    case SESSION_UNSUBSCRIBED:
        if (!news->is_known)
            end_request(modem, news->event);
        break;
    case SESSION_MESSAGE:
        return say_message(modem, news->event);
    case SESSION_OPENED:
    case SESSION_BUFFERED:
    case SESSION_DROPPED:
    case SESSION_SHOWN_BEFORE:
    case SESSION_REMARK:
        break;
    }
    return true;
}

#endif
