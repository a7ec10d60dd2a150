/* sm_client.h: what belongs to the one client that these hosts know. Its commands end when the broker has
 * answered. */
#ifndef CORE_DIALECT_SM_SM_CLIENT_H
#define CORE_DIALECT_SM_SM_CLIENT_H

#include "core/modem/parts.h"
#include "core/session/session_news.h"

#define SM_CLIENT       0
#define SM_DATA_BYTES   1024
#define SM_ANSWER_S     30 /* CONNACK, PUBACK, SUBACK */
#define SM_PORT         1883
#define SM_PDP_CONTEXTS 4

/* Keys of client_settings.h. The first ones are those of AT+SMCONF, in the order of their lines. */
enum sm_key {
    SM_CLIENT_ID,
    SM_URL,
    SM_KEEP_ALIVE_S,
    SM_CLEAN,
    SM_USER_NAME,
    SM_PASSWORD,
    SM_WILL_QOS,
    SM_WILL_TOPIC,
    SM_WILL_MESSAGE,
    SM_WILL_RETAINED,
    SM_RECEIVE_HEX,
    SM_ASYNCHRONOUS,
    SM_CONFIG_KEYS,
    SM_PORT_NUMBER = SM_CONFIG_KEYS,
    SM_PUBLISH_HEX,
    SM_TLS_INDEX, /* 0: none */
    SM_TLS_CA,
    SM_TLS_CERTIFICATE,
    SM_PAIR_CERTIFICATE, /* and its key: of CSSLCFG=convert,1 */
    SM_PAIR_KEY,
    SM_FILES_OPEN,
    SM_FILE_DRAFT, /* of an append */
    SM_AWAITED,    /* enum sm_awaited */
    SM_PDP_FORM,   /* how the host last activated a context: enum sm_pdp_form */
    SM_PDP_ACTIVE, /* and those behind it: one a context */
};

enum sm_pdp_form { SM_PDP_7080, SM_PDP_7000 };

/* What the pending command waits for. */
enum sm_awaited { SM_NOTHING, SM_CONNECTION, SM_REQUEST, SM_DISCONNECTION };

/* What the host has set, or what the factory has. */
uint32_t sm_number(const struct imqtt_modem *modem, unsigned key);
struct span sm_string(const struct imqtt_modem *modem, unsigned key);
/* DONE; UNKNOWN_ERROR: there is no memory. */
enum imqtt_status sm_put_number(struct imqtt_modem *modem, unsigned key, uint32_t number);
enum imqtt_status sm_put_text(struct imqtt_modem *modem, unsigned key, struct text text);

/* A number, quoted or bare. */
uint32_t sm_take_number(struct params *params, uint32_t min, uint32_t max);

/* The command is to end with what becomes of it; with ASYNCMODE it ends at once. Called before it
 * begins: DONE, or there is no memory. */
enum imqtt_status sm_await(struct imqtt_modem *modem, enum sm_awaited awaited);
/* How the handler ends that has tried to begin it: PENDING or DONE, if that went well. */
enum imqtt_status sm_begun(struct imqtt_modem *modem, enum imqtt_status status);

/* Over TLS, a connection that begins is as AT+SMSSL says; as modem_secure(). */
enum imqtt_status sm_prepare(struct imqtt_modem *modem);

void sm_say_booted(struct imqtt_modem *modem);
bool sm_say_session(struct imqtt_modem *modem, const struct session_news *news);

#endif
