/* events.h: what the MQTT client has to tell goes to the registration that is under way, or to the
 * link and from there, as news, to the dialect and the modem's owner. */
#ifndef CORE_MODEM_EVENTS_H
#define CORE_MODEM_EVENTS_H

#include "core/modem/parts.h"

void modem_take_event(struct imqtt_modem *modem, const struct mqtt_event *event);

/* Takes the client's events as they are now. */
void modem_take_events(struct imqtt_modem *modem);

#endif
