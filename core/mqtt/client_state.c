/* client_state.c: what can be asked of a client. */
#include "core/mqtt/client.h"
#include "core/mqtt/request_events.h"

enum mqtt_state mqtt_client_state(const struct mqtt_client *client)
{
    return client->link.state;
}

bool mqtt_client_resumes(const struct mqtt_client *client)
{
    return client->resumes;
}

bool mqtt_client_is_quiet(const struct mqtt_client *client)
{
    const struct mqtt_link *link = &client->link;
    if (link->state == MQTT_IDLE)
        return true;
#if IMQTT_WITH_DIALECTS
    if (client->tells_opened)
        return false;
#endif
    return !link->has_ended && client->delivery.early_id == 0 && link->transmit.count == 0 &&
           request_unreported(&client->delivery) == NULL;
}

bool mqtt_client_is_slow(const struct mqtt_client *client, uint64_t now_ms)
{
    const struct delivery *delivery = &client->delivery;
    const struct request *oldest = outbox_first(&delivery->outbox);
    uint64_t clock_ms = answer_clock_now(&client->clock, now_ms);
    if (client->link.state != MQTT_ONLINE)
        return false;
    if (keep_alive_is_slow(&client->keep_alive, clock_ms))
        return true;
    return oldest != NULL && link_was_taken(&client->link, oldest->position) &&
           clock_ms > oldest->due_ms - delivery_timeout_ms(delivery, oldest) + IMQTT_SLOW_ANSWER_MS;
}

bool mqtt_client_is_backed_up(const struct mqtt_client *client)
{
    return link_is_backed_up(&client->link);
}

bool mqtt_client_has_output(const struct mqtt_client *client)
{
    const struct mqtt_link *link = &client->link;
    return link->transmit.count > 0 && link_is_up(link) && link_sendable(link) > 0;
}

uint32_t mqtt_client_took_ms(const struct mqtt_client *client, const struct mqtt_event *event,
                             uint64_t now_ms)
{
    uint64_t written_ms = event->due_ms - client->delivery.timeout_ms;
    uint64_t clock_ms = answer_clock_now(&client->clock, now_ms);
    return clock_ms > written_ms ? (uint32_t)(clock_ms - written_ms) : 0;
}

uint64_t mqtt_client_room_deadline(const struct mqtt_client *client)
{
    const struct delivery *delivery = &client->delivery;
    if (!mqtt_client_is_quiet(client) || !mqtt_client_has_id(client))
        return ANSWER_CLOCK_NEVER;
    if (outbox_is_empty(&delivery->outbox))
        return 0;
    return answer_clock_real(&client->clock, delivery_stall_ms(delivery));
}
