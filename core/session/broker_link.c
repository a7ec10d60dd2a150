#include "core/session/broker_link.h"

void broker_link_init(struct broker_link *link, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory)
{
    receipts_init(&link->receipts, memory);
    recall_init(&link->recall, memory);
    subscriptions_init(&link->subscriptions, memory, IMQTT_MEMORY_SUBSCRIPTIONS);
    inbox_init(&link->inbox, memory);
    link->is_up = false;
    diagnosis_clear(&link->diagnosis);
    mqtt_client_init(&link->mqtt, network, memory);
}

void broker_link_end(struct broker_link *link)
{
    mqtt_client_end(&link->mqtt);
    inbox_clear(&link->inbox);
    subscriptions_clear(&link->subscriptions);
    recall_clear(&link->recall);
    receipts_clear(&link->receipts);
    link->is_up = false;
}
