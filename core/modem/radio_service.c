#include "core/modem/radio_service.h"
#include "core/modem/dynreg.h"
#include "core/modem/events.h"
#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/session/broker_connection.h"

/* ---- radio ---------------------------------------------------------------------------------- */

static void tell_radio(const struct imqtt_modem *modem)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_RADIO,
                              .signal = radio_signal(&modem->radio),
                              .registered = radio_stat(&modem->radio, DOMAIN_CREG)};
    modem_tell(modem, &news);
}

static void drop_connection(struct imqtt_modem *modem)
{
    struct imqtt_failure failure = {IMQTT_STAGE_TCP, 0, radio_why_no_service(&modem->radio)};
    if (mqtt_client_state(&modem->link.mqtt) == MQTT_IDLE)
        return;
    mqtt_client_abort(&modem->link.mqtt, &failure);
    modem_take_events(modem);
}

void modem_follow_radio(struct imqtt_modem *modem, struct radio_change change)
{
    if (IMQTT_WITH_RADIO)
        modem->dialect->say_radio(modem, &change);
    if (modem_has_listener(modem))
        tell_radio(modem);
    if (!change.now.attached)
        drop_connection(modem);
    if (IMQTT_WITH_RECONNECT)
        reconnection_follow_radio(modem);
}

/* ---- connection ----------------------------------------------------------------------------- */

enum imqtt_status modem_check_free(const struct imqtt_modem *modem)
{
    enum imqtt_status status = connection_check_free(&modem->link);
    return status == IMQTT_DONE && dynreg_is_under_way(modem) ? IMQTT_NOT_ALLOWED : status;
}

static void tell_connecting(const struct imqtt_modem *modem)
{
    const struct connection_target *target = &modem->link.target;
    struct imqtt_news news = {.kind = IMQTT_NEWS_CONNECTING,
                              .host = target->host,
                              .port = target->port,
                              .tls = target->tls};
    modem_tell(modem, &news);
}

static uint32_t mix(uint32_t mixed, uint32_t with)
{
    return (mixed ^ with) * 2654435761U; /* Knuth's multiplier: the high bits vary */
}

/* Without random bytes: another one for each modem and each time. */
uint16_t modem_random(const struct imqtt_modem *modem)
{
    const struct imqtt_crypto_port *crypto = &modem->ports.crypto;
    const struct imqtt_identity *identity = &modem->options.identity;
    uint8_t bytes[4];
    if (crypto->random != NULL && crypto->random(crypto->context, bytes, sizeof bytes))
        return (uint16_t)(bytes[2] << 8 | bytes[3]);
    uint32_t mixed = mix((uint32_t)modem->options.unix_time_ms, (uint32_t)modem->now_ms);
    for (const char *name = identity->name; name != NULL && *name != '\0'; name++)
        mixed = mix(mixed, (uint8_t)*name);
    return (uint16_t)(mixed >> 16);
}

enum imqtt_status modem_connect(struct imqtt_modem *modem)
{
    enum imqtt_status status = modem_check_free(modem);
    if (status == IMQTT_DONE)
        status =
            connection_open(&modem->link, &modem->settings, &modem->ports.crypto,
                            radio_is_attached(&modem->radio), modem_random(modem), modem->now_ms);
    if (IMQTT_WITH_RECONNECT && status == IMQTT_DONE &&
        modem->reconnection.step == RECONNECTION_WAITS)
        reconnection_end(modem); /* the host has not waited for it */
    if (status == IMQTT_DONE && modem_has_listener(modem))
        tell_connecting(modem);
    return status;
}

/* The next attempt is not waited for; that is told as if it had been given up while under way. */
static enum imqtt_status stop_waiting(struct imqtt_modem *modem)
{
    struct session_news news = {.kind = SESSION_DISCONNECTED};
    reconnection_end(modem);
    modem->dialect->say_session(modem, &news);
    return IMQTT_DONE;
}

enum imqtt_status modem_disconnect(struct imqtt_modem *modem)
{
    if (dynreg_is_under_way(modem))
        return dynreg_give_up(modem);
    if (IMQTT_WITH_RECONNECT && modem->reconnection.step == RECONNECTION_WAITS)
        return stop_waiting(modem);
    return connection_close(&modem->link, modem->now_ms);
}
