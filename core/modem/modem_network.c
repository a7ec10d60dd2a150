/* modem_network.c: the network's answers, of whichever client. */
#include "core/modem/modem_clients.h"
#include "core/modem/events.h"
#include "core/modem/flow.h"
#include "core/modem/turn.h"
#include "imqtt/clients.h"

/* Of the client that is turned to; what waits for room is dealt with first. A reboot may come in between: a
 * further client is then gone. */
static bool takes_more(struct imqtt_modem *modem, uint8_t client, const struct broker_link *link)
{
    if (flow_takes_network_input(modem, link))
        return true;
    modem_work(modem);
    return modem_turn_to(modem, client) && flow_takes_network_input(modem, link);
}

static size_t take_input(struct imqtt_modem *modem, uint8_t client, struct span in)
{
    struct broker_link *link = modem->link;
    size_t count = in.count;
    struct mqtt_event event;
    while (in.count > 0 && takes_more(modem, client, link))
        if (mqtt_client_read(&link->mqtt, &in, modem->now_ms, &event))
            modem_take_event(modem, &event);
    modem_turn_back(modem);
    modem_resume_waiting(modem);
    return count - in.count;
}

static void take_opened(struct imqtt_modem *modem, uint8_t client)
{
    if (modem_turn_to(modem, client))
        mqtt_client_opened(&modem->link->mqtt, modem->now_ms);
    modem_turn_back(modem);
}

static void take_failed(struct imqtt_modem *modem, uint8_t client,
                        const struct imqtt_failure *failure)
{
    if (modem_turn_to(modem, client)) {
        mqtt_client_failed(&modem->link->mqtt, failure);
        modem_take_events(modem);
    }
    modem_turn_back(modem);
}

size_t imqtt_modem_network_input(struct imqtt_modem *modem, const uint8_t *bytes, size_t count,
                                 uint64_t now_ms)
{
    modem->now_ms = now_ms;
    return take_input(modem, 0, span_of(bytes, count));
}

void imqtt_modem_network_opened(struct imqtt_modem *modem, uint64_t now_ms)
{
    modem->now_ms = now_ms;
    take_opened(modem, 0);
}

void imqtt_modem_network_failed(struct imqtt_modem *modem, const struct imqtt_failure *failure,
                                uint64_t now_ms)
{
    modem->now_ms = now_ms;
    take_failed(modem, 0, failure);
}

#if IMQTT_CLIENTS > 1
size_t imqtt_modem_client_input(struct imqtt_modem *modem, uint8_t client, const uint8_t *bytes,
                                size_t count, uint64_t now_ms)
{
    modem->now_ms = now_ms;
    return modem_turn_to(modem, client) ? take_input(modem, client, span_of(bytes, count)) : 0;
}

void imqtt_modem_client_opened(struct imqtt_modem *modem, uint8_t client, uint64_t now_ms)
{
    modem->now_ms = now_ms;
    take_opened(modem, client);
}

void imqtt_modem_client_failed(struct imqtt_modem *modem, uint8_t client,
                               const struct imqtt_failure *failure, uint64_t now_ms)
{
    modem->now_ms = now_ms;
    take_failed(modem, client, failure);
}
#endif
