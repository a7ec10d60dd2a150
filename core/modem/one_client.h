/* one_client.h: modem_clients.h for a program whose modems have one: nothing is looked up. */
#ifndef CORE_MODEM_ONE_CLIENT_H
#define CORE_MODEM_ONE_CLIENT_H

#include "core/modem/parts.h"

#if IMQTT_CLIENTS == 1

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

#endif
