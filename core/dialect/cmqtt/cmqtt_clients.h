/* cmqtt_clients.h: what belongs to each of the two indices that a host counts clients by, and which of
 * them has a link. */
#ifndef CORE_DIALECT_CMQTT_CMQTT_CLIENTS_H
#define CORE_DIALECT_CMQTT_CMQTT_CLIENTS_H

#include "core/dialect/module/connect_wish.h"
#include "core/session/session_news.h"

#define CMQTT_INDEX_MAX     1
#define CMQTT_TOPIC_BYTES   1024
#define CMQTT_MESSAGE_BYTES 10240
#define CMQTT_PIECE_BYTES   1500 /* of a received payload */

/* <err> */
enum cmqtt_error {
    CMQTT_OK = 0,
    CMQTT_FAILED = 1,
    CMQTT_BAD_UTF8 = 2,
    CMQTT_CONNECT_FAILED = 3,
    CMQTT_NET_OPEN_FAILED = 7,
    CMQTT_NET_NOT_OPENED = 9,
    CMQTT_BAD_INDEX = 10,
    CMQTT_NOT_CONNECTED = 11,
    CMQTT_BAD_PARAMETER = 12,
    CMQTT_NOT_SUPPORTED = 13,
    CMQTT_BUSY = 14,
    CMQTT_TIMED_OUT = 17,
    CMQTT_NO_TOPIC = 18,
    CMQTT_USED = 19,
    CMQTT_NOT_ACQUIRED = 20,
    CMQTT_NOT_RELEASED = 21,
    CMQTT_BAD_LENGTH = 22,
    CMQTT_OPENED = 23,
    CMQTT_NO_NAME = 25,
    CMQTT_CLOSED_BY_SERVER = 26,
    CMQTT_REFUSED = 26, /* and the code of CONNACK */
    CMQTT_HANDSHAKE_FAILED = 32,
    CMQTT_NO_CERTIFICATE = 33,
};

/* Keys of client_settings.h. */
enum cmqtt_key {
    CMQTT_CLIENT_ID, /* the index is acquired */
    CMQTT_SERVER_TYPE,
    CMQTT_CONTEXT,
    CMQTT_VERSION,
    CMQTT_CHECK_UTF8,
    CMQTT_TIMEOUT_S,
    CMQTT_CID,
    CMQTT_ARGUMENT_PUB,
    CMQTT_ARGUMENT_SUB,
    CMQTT_PRODUCT_KEY,
    CMQTT_DEVICE_NAME,
    CMQTT_DEVICE_SECRET,
    CMQTT_WILL_TOPIC,
    CMQTT_WILL_MESSAGE,
    CMQTT_WILL_QOS,
    CMQTT_KEEP_ALIVE_S, /* of the last CONNECT */
    CMQTT_TOPIC,        /* of the next publish */
    CMQTT_PAYLOAD,
    CMQTT_SUBSCRIBE = 100,   /* and those behind it: filters of the next SUBSCRIBE, */
    CMQTT_UNSUBSCRIBE = 120, /* UNSUBSCRIBE: a QoS and the filter */
};

/* Kept for the module, not for one of its clients. */
#define CMQTT_MODULE 255
enum cmqtt_module_key {
    CMQTT_STARTED,
    CMQTT_NET_OPEN,
    CMQTT_SAID_NO_NET, /* since a client was last connected */
};

/* What is typed behind a prompt for a later command. */
enum cmqtt_draft {
    CMQTT_DRAFT_TOPIC,
    CMQTT_DRAFT_PAYLOAD,
    CMQTT_DRAFT_WILL_TOPIC,
    CMQTT_DRAFT_WILL_MESSAGE,
    CMQTT_DRAFT_SUBSCRIBE,
    CMQTT_DRAFT_UNSUBSCRIBE,
};

/* Its bytes, once they are typed: PENDING before, then DONE, and they are modem_data(). No bytes at
 * all: the prompt, and DONE. */
enum imqtt_status cmqtt_ask_for(struct imqtt_modem *modem, uint32_t bytes);

/* What the host has set, or what the factory has. */
uint32_t cmqtt_number(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key);
struct span cmqtt_string(const struct imqtt_modem *modem, uint8_t index, enum cmqtt_key key);

/* The service runs: AT+CMQTTSTART. */
bool cmqtt_is_started(const struct imqtt_modem *modem);
bool cmqtt_is_acquired(const struct imqtt_modem *modem, uint8_t index);

/* The index that stands next among the parameters; the end of them, and whether the command may go
 * on: the service runs, and there is such an index. */
uint8_t cmqtt_take_index(struct params *params);
enum imqtt_status cmqtt_end_params(struct at_call *call, uint8_t index);

/* "+CMQTTCFG: 0": what a read answer says of an index, each on a line of its own. */
void cmqtt_begin_row(struct out *line, const char *name, uint8_t index);

/* "+CMQTTPUB: 0,11", of the command that is refused, before its ERROR. */
enum imqtt_status cmqtt_refuse(struct at_call *call, uint8_t index, enum cmqtt_error error);

/* The link, if it is that index's and not idle; NULL. */
struct broker_link *cmqtt_link(struct imqtt_modem *modem, uint8_t index);
bool cmqtt_is_connected(struct imqtt_modem *modem, uint8_t index);

/* Connections of an index are from now on as its TLS context says; as modem_secure(). */
enum imqtt_status cmqtt_secure(struct imqtt_modem *modem, uint8_t index);
/* The same for a connection that is made again. */
enum imqtt_status cmqtt_prepare(struct imqtt_modem *modem);

/* "+CMQTTPUB: " and two numbers. */
bool cmqtt_say(struct imqtt_modem *modem, const char *name, uint8_t index, int32_t result);

void cmqtt_say_booted(struct imqtt_modem *modem);
bool cmqtt_say_session(struct imqtt_modem *modem, const struct session_news *news);

#endif
