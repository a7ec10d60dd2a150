#include "core/modem/events.h"
#include "core/modem/modem_clients.h"
#include "core/modem/dynreg.h"
#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/session/session_events.h"

static void settle_message(struct imqtt_modem *modem, struct session_news *news, bool shown)
{
    if (shown)
        session_message_shown(modem->link, news->event, urcs_follow(&modem->urcs));
    else
        session_message_refused(modem->link, news->event, news);
}

/* Nothing for one that neither reconnects nor is to: that is one byte of each. The settings that a
 * connection is made again with are those of a modem's only client. */
static bool may_reconnect(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_RECONNECT &&
           (modem->settings.reconnect.is_on || modem->reconnection.step != RECONNECTION_RESTS) &&
           modem_client_count(modem) == 1;
}

/* A publish that was done is not worth a call if nobody wants to hear of it. */
static bool has_listener(const struct imqtt_modem *modem, enum session_news_kind kind,
                         const struct mqtt_event *event)
{
    bool is_done = kind == SESSION_PUBLISHED && event->acknowledged;
    return is_done ? modem_wants_news(modem, IMQTT_NEWS_PUBLISHED) : modem_has_listener(modem);
}

void modem_take_event(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    if (dynreg_is_under_way(modem)) {
        dynreg_take_event(modem, event);
        return;
    }
    struct broker_link *link = modem->link;
    struct session_news news;
    bool is_watched = may_reconnect(modem);
    if (is_watched)
        reconnection_prepare(modem, event);
    session_take_event(link, event, modem->settings.receive_mode, &news);
    bool is_silent = is_watched && reconnection_follow(modem, &news);
    bool shown = is_silent || modem->dialect->say_session(modem, &news);
    if (news.kind == SESSION_MESSAGE || news.kind == SESSION_SHOWN_BEFORE)
        settle_message(modem, &news, shown);
    if (has_listener(modem, news.kind, event))
        session_news_tell(&news, link, modem->now_ms, &modem->ports.news);
}

void modem_take_events(struct imqtt_modem *modem)
{
    struct mqtt_client *mqtt = &modem->link->mqtt;
    struct mqtt_event event;
    while (mqtt_client_next(mqtt, modem->now_ms, &event))
        modem_take_event(modem, &event);
}
