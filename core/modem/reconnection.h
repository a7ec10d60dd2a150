/* reconnection.h: a connection that was lost is made again, if AT+IMQTTRECONN says so (commands.md
 * section 8). Without IMQTT_WITH_RECONNECT none of these is called. */
#ifndef CORE_MODEM_RECONNECTION_H
#define CORE_MODEM_RECONNECTION_H

#include "core/modem/parts.h"
#include "core/session/session_news.h"

/* Power on: there is nothing to be made again. */
void reconnection_begin(struct imqtt_modem *modem);

/* What follows from this event and what it has become: true, if the host is told nothing. prepare
 * comes before the link has taken the event: a lost clean session's subscriptions are kept. */
void reconnection_prepare(struct imqtt_modem *modem, const struct mqtt_event *event);
bool reconnection_follow(struct imqtt_modem *modem, const struct session_news *news);

/* There may be service again. */
void reconnection_follow_radio(struct imqtt_modem *modem);

/* Tries when it is time to. */
void reconnection_tick(struct imqtt_modem *modem);

/* Subscribes again, as far as there is room. */
void reconnection_work(struct imqtt_modem *modem);

/* It is given up; the host has been told of the loss. */
void reconnection_end(struct imqtt_modem *modem);

#endif
