#include "core/modem/radio_service.h"
#include "core/modem/modem_clients.h"
#include "core/modem/connect_service.h"
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
    if (mqtt_client_state(&modem->link->mqtt) == MQTT_IDLE)
        return;
    mqtt_client_abort(&modem->link->mqtt, &failure);
    modem_take_events(modem);
}

void modem_follow_radio(struct imqtt_modem *modem, struct radio_change change)
{
    if (IMQTT_WITH_RADIO)
        modem->dialect->say_radio(modem, &change);
    if (modem_has_listener(modem))
        tell_radio(modem);
    for (uint8_t client = modem_client_count(modem); client-- > 0;)
        if (!radio_is_attached(&modem->radio) && modem_turn_to(modem, client))
            drop_connection(modem);
    if (IMQTT_WITH_RECONNECT)
        reconnection_follow_radio(modem);
}

/* ---- connection ----------------------------------------------------------------------------- */

void modem_forgo_reconnection(struct imqtt_modem *modem)
{
    if (IMQTT_WITH_RECONNECT && modem->reconnection.step == RECONNECTION_WAITS)
        reconnection_end(modem);
}

enum imqtt_status modem_connect_for_host(struct imqtt_modem *modem)
{
    enum imqtt_status status = modem_connect(modem);
    if (status == IMQTT_DONE)
        modem_forgo_reconnection(modem);
    return status;
}

/* The next attempt is not waited for; that is told as if it had been given up while under way. */
static enum imqtt_status stop_waiting(struct imqtt_modem *modem)
{
    struct session_news news = {.kind = SESSION_DISCONNECTED};
#if IMQTT_WITH_DIALECTS
    news.link = modem->link;
#endif
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
    return connection_close(modem->link, modem->now_ms);
}
