/* imqtt_urcs.h: news as the URCs of commands.md. */
#ifndef CORE_DIALECT_IMQTT_IMQTT_URCS_H
#define CORE_DIALECT_IMQTT_IMQTT_URCS_H

#include "core/modem/parts.h"
#include "core/session/session_news.h"

/* The tag of a publish: which command's URC ends it. */
enum { PUBLISHED_BY_PUB, PUBLISHED_BY_PUBEX };

void say_booted(struct imqtt_modem *modem);
bool say_session(struct imqtt_modem *modem, const struct session_news *news);
void say_dynreg(struct imqtt_modem *modem, enum aliyun_mode mode, bool succeeded);

/* "+IMQTTCONN:" and 0, 1 or -1. */
bool say_number(struct imqtt_modem *modem, const char *text, int32_t number);

/* <packetid>,"<topic>",<len>,"<payload>" of +IMQTTRCVPUB and +IMQTTRECV (M2.18, M2.19). As hex the
 * topic and the payload are digits; <len> counts the payload's bytes all the same. */
void put_message(struct out *line, const struct message *message, bool as_hex);

/* <mode>,"…","…","…" of the URC and of AT+IMQTTDYNREG=2. */
void put_dynreg_result(struct out *line, const struct dynreg *dynreg, enum aliyun_mode mode);

#endif
