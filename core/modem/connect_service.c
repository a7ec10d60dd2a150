#include "core/modem/connect_service.h"
#include "core/modem/certificate_service.h"
#include "core/modem/dynreg.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/session/broker_connection.h"

enum imqtt_status modem_check_free(const struct imqtt_modem *modem)
{
    enum imqtt_status status = connection_check_free(modem->link);
    return status == IMQTT_DONE && dynreg_is_under_way(modem) ? IMQTT_NOT_ALLOWED : status;
}

static void tell_connecting(const struct imqtt_modem *modem)
{
    const struct connection_target *target = &modem->link->target;
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

/* A dialect that opens the network apart from CONNECT has said before how it is to be. */
static enum imqtt_status prepare(struct imqtt_modem *modem)
{
#if IMQTT_WITH_DIALECTS
    if (modem->dialect->prepare != NULL)
        return modem->dialect->prepare(modem);
    if (modem->settings.tls && mqtt_client_state(&modem->link->mqtt) == MQTT_IDLE)
        return modem_secure_as_set(modem);
#endif
    (void)modem;
    return IMQTT_DONE;
}

static enum imqtt_status begin(struct imqtt_modem *modem)
{
    enum imqtt_status status =
        connection_open(modem->link, &modem->settings, &modem->ports.crypto,
                        radio_is_attached(&modem->radio), modem_random(modem), modem->now_ms);
    if (status == IMQTT_DONE && modem_has_listener(modem))
        tell_connecting(modem);
    return status;
}

enum imqtt_status modem_connect(struct imqtt_modem *modem)
{
    enum imqtt_status status = modem_check_free(modem);
    if (status == IMQTT_DONE)
        status = prepare(modem);
    return status == IMQTT_DONE ? begin(modem) : status;
}

#if IMQTT_WITH_DIALECTS
enum imqtt_status modem_connect_secured(struct imqtt_modem *modem)
{
    enum imqtt_status status = modem_check_free(modem);
    return status == IMQTT_DONE ? begin(modem) : status;
}
#endif
