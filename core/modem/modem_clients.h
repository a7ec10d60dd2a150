/* modem_clients.h: the connections of one modem, one for each of its clients. Most modems have one. The first
 * is always there; a further one is borrowed when its client first connects, and kept until power off.
 *
 * What happens now is about modem->link. That is the first one's but while another is turned to, for
 * a call from outside, a command that names its client, or a walk over all of them:
 *
 *     for (uint8_t client = modem_client_count(modem); client-- > 0;)
 *         if (modem_turn_to(modem, client)) … the first one last, so that it is turned to again
 */
#ifndef CORE_MODEM_MODEM_CLIENTS_H
#define CORE_MODEM_MODEM_CLIENTS_H

#include "core/modem/parts.h"

/* Of power on and off: the first one's connection begins; all of them end, without a farewell. */
void clients_begin(struct imqtt_modem *modem);
void clients_end(struct imqtt_modem *modem);

/* A session of CLEAN,0 is to outlive a power cut, and there is a store for it. */
bool clients_keep_sessions(const struct imqtt_modem *modem);

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

#else

static inline bool modem_turn_to(struct imqtt_modem *modem, uint8_t client)
{
    (void)modem, (void)client;
    return true;
}

static inline struct broker_link *modem_turn_back(struct imqtt_modem *modem)
{
    return modem->link;
}

static inline uint8_t modem_client_count(const struct imqtt_modem *modem)
{
    (void)modem;
    return 1;
}

static inline const struct broker_link *modem_link_of(const struct imqtt_modem *modem,
                                                      uint8_t client)
{
    (void)client;
    return modem->link;
}

static inline uint8_t modem_client(const struct imqtt_modem *modem)
{
    (void)modem;
    return 0;
}

static inline bool modem_begin_client(struct imqtt_modem *modem, uint8_t client)
{
    (void)modem, (void)client;
    return true;
}

static inline const struct imqtt_store_port *modem_store_of(const struct imqtt_modem *modem,
                                                            uint8_t client)
{
    (void)client;
    return &modem->ports.store;
}

#if IMQTT_WITH_DIALECTS
static inline const struct imqtt_tls_port *modem_tls_of(const struct imqtt_modem *modem,
                                                        uint8_t client)
{
    (void)client;
    return &modem->ports.tls;
}
#endif

static inline void records_turn_to(struct records *records, uint8_t client)
{
    (void)records, (void)client;
}

static inline uint8_t records_client(const struct records *records)
{
    (void)records;
    return 0;
}

#endif

/* The store of the client that is turned to. */
static inline const struct imqtt_store_port *modem_store(const struct imqtt_modem *modem)
{
    return modem_store_of(modem, modem_client(modem));
}

#if IMQTT_WITH_DIALECTS
/* The link that a host means by an index: the only one, whatever the index, or that of the client of
 * this number. NULL: it has not connected since power on, or there is none for such an index. */
struct broker_link *modem_link_at(struct imqtt_modem *modem, uint8_t index);

/* Turns to it, for a connection of that index. NOT_ALLOWED: there is none for such an index;
 * UNKNOWN_ERROR: there is no memory. */
enum imqtt_status modem_turn_to_index(struct imqtt_modem *modem, uint8_t index);
#endif

#endif
