#include "core/modem/modem_clients.h"
#include "core/modem/spelling.h"
#include "imqtt/clients.h"

bool clients_keep_sessions(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_KEPT_SESSION && RECORDS_EXIST && modem->options.keeps_session &&
           modem_store(modem)->save != NULL && modem_store(modem)->load != NULL;
}

static void begin(struct imqtt_modem *modem, const struct imqtt_network_port *network,
                  const struct imqtt_memory_port *memory)
{
    broker_link_init(modem->link, network, memory);
    if (RECORDS_EXIST && modem_store(modem)->save != NULL)
        mqtt_client_load_ids(&modem->link->mqtt, SPAN_EMPTY);
    if (clients_keep_sessions(modem))
        mqtt_client_keep_on_store(&modem->link->mqtt);
}

#if IMQTT_CLIENTS > 1

/* ---- several ---------------------------------------------------------------------------------- */

static const struct imqtt_client_ports *ports_of(const struct imqtt_modem *modem, uint8_t client)
{
    return &modem->options.client_ports[client - 1];
}

const struct imqtt_store_port *modem_store_of(const struct imqtt_modem *modem, uint8_t client)
{
    return client == 0 ? &modem->ports.store : &ports_of(modem, client)->store;
}

const struct imqtt_tls_port *modem_tls_of(const struct imqtt_modem *modem, uint8_t client)
{
    return client == 0 ? &modem->ports.tls : &ports_of(modem, client)->tls;
}

static uint8_t count_of(const struct imqtt_modem *modem)
{
    uint8_t asked = modem->options.clients, counted = modem->dialect->clients;
    uint8_t count = asked < counted ? asked : counted;
    return count > 1 ? count : 1;
}

bool modem_begin_client(struct imqtt_modem *modem, uint8_t client)
{
    if (modem_turn_to(modem, client))
        return true;
    const struct imqtt_client_ports *ports = ports_of(modem, client);
    const struct imqtt_memory_port *memory = &ports->memory;
    struct broker_link *link =
        memory->resize(memory->context, IMQTT_MEMORY_LINK, NULL, 0, sizeof *link);
    if (link == NULL)
        return false;
    memset(link, 0, sizeof *link);
    link->number = client;
    modem->links[client] = link;
    modem_turn_to(modem, client);
    begin(modem, &ports->network, memory);
    return true;
}

static void end_client(struct imqtt_modem *modem, uint8_t client)
{
    const struct imqtt_memory_port *memory = &ports_of(modem, client)->memory;
    struct broker_link *link = modem->links[client];
    broker_link_end(link);
    memset(link, 0, sizeof *link);
    memory->resize(memory->context, IMQTT_MEMORY_LINK, link, sizeof *link, 0);
    modem->links[client] = NULL;
}

#endif

/* ---- on and off ------------------------------------------------------------------------------- */

void clients_begin(struct imqtt_modem *modem)
{
#if IMQTT_CLIENTS > 1
    modem->client_count = count_of(modem);
    modem->links[0] = &modem->first_link;
#endif
    modem_turn_back(modem);
    begin(modem, &modem->ports.network, &modem->ports.memory);
}

void clients_end(struct imqtt_modem *modem)
{
#if IMQTT_CLIENTS > 1
    for (uint8_t client = 1; client < modem->client_count; client++)
        if (modem->links[client] != NULL)
            end_client(modem, client);
#endif
    broker_link_end(modem_turn_back(modem));
}

#if IMQTT_WITH_DIALECTS

/* ---- by an index ------------------------------------------------------------------------------ */

static uint8_t client_at(const struct imqtt_modem *modem, uint8_t index)
{
    return modem_client_count(modem) > 1 ? index : 0;
}

struct broker_link *modem_link_at(struct imqtt_modem *modem, uint8_t index)
{
#if IMQTT_CLIENTS > 1
    uint8_t client = client_at(modem, index);
    return client < modem->client_count ? modem->links[client] : NULL;
#else
    (void)index;
    return modem->link;
#endif
}

enum imqtt_status modem_turn_to_index(struct imqtt_modem *modem, uint8_t index)
{
    uint8_t client = client_at(modem, index);
    if (client >= modem_client_count(modem))
        return IMQTT_NOT_ALLOWED;
    return modem_begin_client(modem, client) ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

#endif
