/* events.h: what the MQTT client reports becomes URCs, the inbox, and the subscription list. */
#ifndef CORE_SESSION_EVENTS_H
#define CORE_SESSION_EVENTS_H

#include "core/session/inbox.h"

struct imqtt_modem;
struct mqtt_event;

/* The tag of a publish: which command's URC ends it. */
enum { PUBLISHED_BY_PUB, PUBLISHED_BY_PUBEX };

void modem_take_event(struct imqtt_modem *modem, const struct mqtt_event *event);

/* <packetid>,"<topic>",<len>,"<payload>" of +IMQTTRCVPUB and +IMQTTRECV (M2.18, M2.19). As hex the
 * topic and the payload are digits; <len> counts the payload's bytes all the same. */
void modem_put_message(struct out *line, const struct message *message, bool as_hex);

#endif
