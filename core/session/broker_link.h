/* broker_link.h: one link to one broker, and all that is remembered because of it. */
#ifndef CORE_SESSION_BROKER_LINK_H
#define CORE_SESSION_BROKER_LINK_H

#include "core/mqtt/client.h"
#include "core/session/diagnosis.h"
#include "core/session/inbox.h"
#include "core/session/recall.h"
#include "core/session/receipts.h"
#include "core/session/subscriptions.h"

/* Where a connection goes. */
struct connection_target {
    char host[IMQTT_ADDRESS_BYTES + 1]; /* NUL-terminated */
    uint16_t port;
    bool tls;
};

struct broker_link {
    struct mqtt_client mqtt;
    struct subscriptions subscriptions;
    uint32_t saved_subscriptions; /* their changes when a session's record was last made */
    struct inbox inbox;
    struct receipts receipts;
    struct recall recall;
    struct diagnosis diagnosis;
    bool clean_session;  /* of the current connection */
    bool aliyun_session; /* likewise */
    bool is_up;          /* it was made and has not ended */
#if IMQTT_WITH_DIALECTS
    enum mqtt_state reached; /* how far it has come */
    uint8_t client;          /* whose it is, by the number that the host counts */
    uint8_t number;          /* among the modem's, 0 the first: imqtt/clients.h */
    uint8_t slots;           /* messages wait in so many, and none is dropped; 0: in the inbox */
#endif
    uint64_t begun_ms; /* when the current attempt began */
    struct connection_target target;
};

/* Nothing is borrowed yet; the ports must outlive it. */
void broker_link_init(struct broker_link *link, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory);
/* Drops the link without a word and gives all memory back. */
void broker_link_end(struct broker_link *link);

static inline bool broker_link_is_connected(const struct broker_link *link)
{
    return mqtt_client_state(&link->mqtt) == MQTT_ONLINE;
}

#endif
