/* qmt_clients.h: what belongs to each of the indices that a host counts clients by, and which of them
 * has a link. */
#ifndef CORE_DIALECT_QMT_QMT_CLIENTS_H
#define CORE_DIALECT_QMT_QMT_CLIENTS_H

#include "core/modem/modem_clients.h"
#include "core/session/session_news.h"

#define QMT_INDEX_MAX  5
#define QMT_SLOTS      5
#define QMT_DATA_BYTES 4096
#define QMT_HOST_BYTES 100

/* Keys of client_settings.h. */
enum qmt_key {
    QMT_VERSION,
    QMT_CONTEXT,
    QMT_TLS,
    QMT_TLS_CONTEXT,
    QMT_KEEP_ALIVE_S,
    QMT_SESSION,
    QMT_TIMEOUT_S,
    QMT_RETRIES,
    QMT_NOTICE,
    QMT_RECEIVE_MODE,
    QMT_RECEIVE_LENGTH,
    QMT_SEND_MODE,
    QMT_SEND_FORMAT,
    QMT_RECEIVE_FORMAT,
    QMT_VIEW,
    QMT_EDIT,
    QMT_EDIT_S,
    QMT_PING_S,
    QMT_CLOSE_S,
    QMT_SHOW_LENGTH,
    QMT_ECHO,
    QMT_WILL, /* 0: none, or 1 */
    QMT_WILL_QOS,
    QMT_WILL_RETAINED,
    QMT_WILL_TOPIC,
    QMT_WILL_MESSAGE,
    QMT_PRODUCT_KEY,
    QMT_DEVICE_NAME,
    QMT_DEVICE_SECRET,
    QMT_OPENED,    /* it was, and not closed since */
    QMT_ENDS_WITH, /* the command that ends the connection: 0 DISC, 1 CLOSE */
};

/* The first of the contexts of AT+QSSLCFG. */
#define QMT_TLS_CONTEXTS 100
enum { QMT_TLS_CONTEXT_MAX = 5 };
enum qmt_tls_key {
    QMT_TLS_SECURITY, /* 0 none, 1 server, 2 both, 3 as 2 */
    QMT_TLS_PROTOCOL,
    QMT_TLS_CIPHERS,
    QMT_TLS_CA,
    QMT_TLS_CERTIFICATE,
    QMT_TLS_KEY,
    QMT_TLS_IGNORE_TIME,
    QMT_TLS_SNI,
    QMT_TLS_CHECK_HOST,
    QMT_TLS_NEGOTIATE_S,
    QMT_TLS_SESSION,
    QMT_TLS_RENEGOTIATION,
    QMT_TLS_DTLS,
    QMT_TLS_DTLS_VERSION,
    QMT_TLS_SESSION_CACHE,
    QMT_TLS_CLOSE_TIME,
    QMT_TLS_IGNORE_CLOCK,
    QMT_TLS_IGNORE_SIGNATURE,
    QMT_TLS_IGNORE_CHAIN,
};

/* Connections of an index are from now on as its context says; as modem_secure(). */
enum imqtt_status qmt_secure(struct imqtt_modem *modem, uint8_t index);
/* The same for one that is made again; the host's own was opened before its CONNECT. */
enum imqtt_status qmt_prepare(struct imqtt_modem *modem);

/* Kept for the module, not for one of its clients. */
#define QMT_MODULE 255
enum qmt_module_key { QMT_ACTIVE_CONTEXT };

/* The tag of a publish: whose URC ends it. */
enum { QMT_PUB, QMT_PUBEX };

/* What the host has set, or what the factory has. */
uint32_t qmt_number(const struct imqtt_modem *modem, uint8_t index, enum qmt_key key);

struct span qmt_string(const struct imqtt_modem *modem, uint8_t index, enum qmt_key key);

/* <t> times <n> + 1 of QMTCFG="timeout". */
uint32_t qmt_timeout_ms(const struct imqtt_modem *modem, uint8_t index);

/* The index that stands next among the parameters. */
uint8_t qmt_take_index(struct params *params);

/* The link, if it is that index's and not idle; NULL. */
struct broker_link *qmt_link(struct imqtt_modem *modem, uint8_t index);

/* Messages of an index wait in slots or not, as it wants it, if it has a link. */
void qmt_follow_receive_mode(struct imqtt_modem *modem, uint8_t index);

/* +QMTRECV: <i>,<id>,"<topic>"[,<len>],"<payload>" */
void qmt_put_message(const struct imqtt_modem *modem, uint8_t index, struct out *line,
                     const struct message *message);

/* "+QMTOPEN: " and two numbers. */
bool qmt_say(struct imqtt_modem *modem, const char *name, uint8_t index, int32_t result);

void qmt_say_booted(struct imqtt_modem *modem);
bool qmt_say_session(struct imqtt_modem *modem, const struct session_news *news);

#endif
