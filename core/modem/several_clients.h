/* several_clients.h: modem_clients.h for a program whose modems may have several. */
#ifndef CORE_MODEM_SEVERAL_CLIENTS_H
#define CORE_MODEM_SEVERAL_CLIENTS_H

#include "core/modem/parts.h"

#if IMQTT_CLIENTS > 1

/* false: it has not connected since power on. */
static inline bool modem_turn_to(struct imqtt_modem *modem, uint8_t client)
{
    struct broker_link *link = client < IMQTT_CLIENTS ? modem->links[client] : NULL;
    if (link != NULL)
        modem->link = link;
    return link != NULL;
}

/* To the first. */
static inline struct broker_link *modem_turn_back(struct imqtt_modem *modem)
{
    return modem->link = &modem->first_link;
}

static inline uint8_t modem_client_count(const struct imqtt_modem *modem)
{
    return modem->client_count;
}

/* NULL: as above. */
static inline const struct broker_link *modem_link_of(const struct imqtt_modem *modem,
                                                      uint8_t client)
{
    return client < IMQTT_CLIENTS ? modem->links[client] : NULL;
}

/* Whose link it is that what happens now is about. */
static inline uint8_t modem_client(const struct imqtt_modem *modem)
{
    return modem->link->number;
}

/* Turns to it, and borrows what it needs. false: there is no memory. */
bool modem_begin_client(struct imqtt_modem *modem, uint8_t client);

/* Its ports. */
const struct imqtt_store_port *modem_store_of(const struct imqtt_modem *modem, uint8_t client);
const struct imqtt_tls_port *modem_tls_of(const struct imqtt_modem *modem, uint8_t client);

/* The record that the store is now asked for, or was, is of that client. */
static inline void records_turn_to(struct records *records, uint8_t client)
{
    records->client = client;
}
static inline uint8_t records_client(const struct records *records)
{
    return records->client;
}

#endif

#endif
