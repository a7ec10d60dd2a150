/* esp_urcs.c: news as these hosts hear them, and how the command ends that waits for them. */
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_errors.h"
#include "core/modem/command_line.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

bool esp_waits_in(const struct imqtt_modem *modem, at_handler *set)
{
    const struct at_command *command = modem->run.current;
    return modem->command == COMMAND_PENDING && command != NULL && command->set == set;
}

/* ---- connections -------------------------------------------------------------------------------------- */

static bool put_connected(struct imqtt_modem *modem, struct out *line)
{
    out_text(line, "+MQTTCONNECTED:0,");
    esp_put_connection(modem, line);
    return client_put_number(&modem->clients, ESP_LINK, ESP_HAS_CONNECTED, 1);
}

/* A line of the answer to AT+MQTTCONN; a URC, if the connection was made again. */
static bool say_connected(struct imqtt_modem *modem)
{
    struct out line;
    if (!esp_waits_in(modem, esp_connect_set)) {
        line = modem_begin_urc(modem);
        put_connected(modem, &line);
        return modem_end_urc(modem, &line);
    }
    line = modem_begin_line(modem);
    put_connected(modem, &line);
    modem_end_line(modem, &line);
    command_line_decide(modem, IMQTT_DONE);
    return true;
}

static void end_clean(struct imqtt_modem *modem)
{
    if (esp_waits_in(modem, esp_clean_set))
        command_line_decide(modem, IMQTT_DONE);
}

static bool say_refused(struct imqtt_modem *modem)
{
    end_clean(modem);
    if (!esp_waits_in(modem, esp_connect_set))
        return true;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+MQTTDISCONNECTED:0");
    modem_end_line(modem, &line);
    command_line_decide(modem, esp_fail(modem, ESP_START_FAILED));
    return true;
}

/* Lost, or ended by AT+MQTTCLEAN: told if the connection stood. Whoever ends an attempt, the command
 * that waits for it has its answer. */
static bool say_ended(struct imqtt_modem *modem, const struct session_news *news)
{
    if (news->before != MQTT_ONLINE)
        return say_refused(modem);
    end_clean(modem);
    return modem_say(modem, "+MQTTDISCONNECTED:0");
}

/* ---- requests ----------------------------------------------------------------------------------------- */

static bool end_request(struct imqtt_modem *modem, bool is_done, enum esp_error error)
{
    command_line_decide(modem, is_done ? IMQTT_DONE : esp_fail(modem, error));
    return true;
}

static bool end_subscribe(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    if (news->is_known)
        return true;
    bool is_granted = event->acknowledged && span_first(event->codes) <= 2;
    return end_request(modem, is_granted, ESP_SUBSCRIBE_FAILED);
}

/* ---- messages ----------------------------------------------------------------------------------------- */

static bool say_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+MQTTSUBRECV:0,\"");
    out_span(&urc, event->topic);
    out_text(&urc, "\",");
    out_decimal(&urc, (int32_t)event->payload.count);
    out_u8(&urc, ',');
    out_span(&urc, event->payload);
    return modem_end_urc(modem, &urc);
}

/* ---- which of them ------------------------------------------------------------------------------------ */

bool esp_say_session(struct imqtt_modem *modem, const struct session_news *news)
{
    const struct mqtt_event *event = news->event;
    switch (news->kind) {
    case SESSION_CONNECTED:
        return say_connected(modem);
    case SESSION_REFUSED:
        return say_refused(modem);
    case SESSION_LOST:
    case SESSION_DISCONNECTED:
        return say_ended(modem, news);
    case SESSION_PUBLISHED:
        return end_request(modem, event->acknowledged, ESP_PUBLISH_FAILED);
    case SESSION_SUBSCRIBED:
        return end_subscribe(modem, news);
    case SESSION_UNSUBSCRIBED:
        return news->is_known || end_request(modem, event->acknowledged, ESP_UNSUBSCRIBE_FAILED);
    case SESSION_MESSAGE:
        return say_message(modem, event);
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
