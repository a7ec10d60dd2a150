#include "core/mqtt/mqtt_link.h"

void link_init(struct mqtt_link *link, const struct imqtt_network_port *network,
               const struct imqtt_memory_port *memory)
{
    *link = (struct mqtt_link){.network = network, .state = MQTT_IDLE, .limit = UINT64_MAX};
    fifo_init(&link->transmit, memory, IMQTT_MEMORY_TRANSMIT, IMQTT_TRANSMIT_BYTES);
}

size_t link_room(const struct mqtt_link *link)
{
    size_t limit = IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES;
    return link->transmit.count < limit ? limit - link->transmit.count : 0;
}

/* ---- packets -------------------------------------------------------------------------------- */

static void put(struct mqtt_link *link, struct span packet)
{
    if (link->said_goodbye || !link_is_up(link))
        return;
    if (!fifo_put(&link->transmit, packet))
        link_hang_up_on_peer(link, "no memory for the next packet");
}

void link_put_answer(struct mqtt_link *link, enum mqtt_packet_type type, uint16_t packet_id)
{
    uint8_t bytes[MQTT_ANSWER_BYTES];
    struct out packet = out_on(bytes, sizeof bytes);
    packet_put_answer(&packet, type, packet_id);
    put(link, out_written(&packet));
}

void link_put_empty(struct mqtt_link *link, enum mqtt_packet_type type)
{
    uint8_t bytes[MQTT_EMPTY_BYTES];
    struct out packet = out_on(bytes, sizeof bytes);
    packet_put_empty(&packet, type);
    put(link, out_written(&packet));
}

/* CONNECT carries the password. */
static void take_written(struct mqtt_link *link, size_t count)
{
    if (link->state == MQTT_CONNECTING)
        memset(link->transmit.lease.bytes + link->transmit.start, 0, count);
    fifo_take(&link->transmit, count);
}

bool link_write(struct mqtt_link *link, uint64_t now_ms)
{
    struct span waiting = fifo_waiting(&link->transmit);
    size_t sendable = waiting.count > 0 ? link_sendable(link) : 0;
    if (sendable == 0)
        return false;
    size_t count = link->network->write(link->network->context, waiting.bytes, sendable);
    if (count == 0)
        return false;
    take_written(link, count);
    link->last_sent_ms = now_ms;
    return count == waiting.count;
}

void link_say_goodbye(struct mqtt_link *link, uint64_t now_ms)
{
    link_put_empty(link, MQTT_DISCONNECT);
    link->said_goodbye = true;
    link_write(link, now_ms);
}

void link_clear(struct mqtt_link *link)
{
    const struct lease *lease = &link->transmit.lease;
    if (lease->bytes != NULL)
        memset(lease->bytes, 0, lease->capacity);
    fifo_clear(&link->transmit);
}

/* ---- its end -------------------------------------------------------------------------------- */

static void copy_failure(struct mqtt_link *link, struct imqtt_failure failure)
{
    size_t bytes = strlen(failure.text);
    if (bytes > sizeof link->failure_text - 1)
        bytes = sizeof link->failure_text - 1;
    memcpy(link->failure_text, failure.text, bytes);
    link->failure_text[bytes] = '\0';
    link->failure = failure;
    link->failure.text = link->failure_text;
}

void link_end(struct mqtt_link *link, struct imqtt_failure failure)
{
    copy_failure(link, failure);
    link->has_ended = true;
    link->state = MQTT_CLOSING;
}

void link_hang_up(struct mqtt_link *link, struct imqtt_failure failure)
{
    if (link->has_ended)
        return;
    link->network->close(link->network->context);
    link_end(link, failure);
}

void link_hang_up_on_peer(struct mqtt_link *link, const char *text)
{
    link_hang_up(link, (struct imqtt_failure){IMQTT_STAGE_PEER, 0, text});
}

void link_rest(struct mqtt_link *link)
{
    link_clear(link);
    link->has_ended = link->said_goodbye = false;
    link->state = MQTT_IDLE;
}
