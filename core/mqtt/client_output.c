#include "core/mqtt/client_private.h"

/* So much is gathered before the network is asked to take it. */
#define GATHER_BYTES 16384

static bool may_write(const struct mqtt_client *client)
{
    return client->state >= MQTT_CONNECTING && !client->has_ended;
}

/* ---- packets into the buffer ---------------------------------------------------------------- */

static void put(struct mqtt_client *client, struct span packet)
{
    if (client->said_goodbye || !may_write(client))
        return;
    if (!fifo_put(&client->transmit, packet))
        client_hang_up_on_peer(client, "no memory for the next packet");
}

void client_put_answer(struct mqtt_client *client, enum mqtt_packet_type type, uint16_t packet_id)
{
    uint8_t bytes[MQTT_ANSWER_BYTES];
    struct out packet = out_on(bytes, sizeof bytes);
    packet_put_answer(&packet, type, packet_id);
    put(client, out_written(&packet));
}

void client_put_empty(struct mqtt_client *client, enum mqtt_packet_type type)
{
    uint8_t bytes[MQTT_EMPTY_BYTES];
    struct out packet = out_on(bytes, sizeof bytes);
    packet_put_empty(&packet, type);
    put(client, out_written(&packet));
}

static bool is_released(const struct request *request)
{
    return request->exchange == EXCHANGE_RELEASED;
}

static size_t transmit_room(const struct mqtt_client *client)
{
    size_t limit = IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES;
    return client->transmit.count < limit ? limit - client->transmit.count : 0;
}

/* Only after a reconnect a request can be released before it is sent: then PUBREL is its turn. */
static bool put_request(struct mqtt_client *client, struct request *request)
{
    size_t bytes = is_released(request) ? MQTT_ANSWER_BYTES : request->packet_bytes;
    if (bytes > transmit_room(client))
        return false;
    struct out out = fifo_begin(&client->transmit, bytes);
    if (is_released(request))
        packet_put_answer(&out, MQTT_PUBREL, request->packet_id);
    else
        out_span(&out, span_of(request_packet(request), bytes));
    if (out.overflowed)
        return false;
    fifo_end(&client->transmit, &out);
    return true;
}

static bool may_send(const struct mqtt_client *client, const struct request *request)
{
    return client->transmit.count < GATHER_BYTES &&
           !(client_counts_in_window(request) && client->unanswered >= IMQTT_WINDOW);
}

/* Strictly in the order of acceptance [MQTT-4.6.0-1]. */
static void gather(struct mqtt_client *client)
{
    struct request *request;
    if (client->state == MQTT_CONNECTING || client->said_goodbye)
        return;
    while ((request = outbox_at(&client->outbox, OUTBOX_UNSENT)) != NULL &&
           may_send(client, request) && put_request(client, request)) {
        outbox_pass(&client->outbox, OUTBOX_UNSENT, request);
        request->position = fifo_position(&client->transmit);
        client->unanswered += client_counts_in_window(request);
    }
}

/* ---- bytes out of the buffer ---------------------------------------------------------------- */

void client_clear_transmit(struct mqtt_client *client)
{
    const struct lease *lease = &client->transmit.lease;
    if (lease->bytes != NULL)
        memset(lease->bytes, 0, lease->capacity);
    fifo_clear(&client->transmit);
}

/* CONNECT carries the password. */
static void take_written(struct mqtt_client *client, size_t count)
{
    if (client->state == MQTT_CONNECTING)
        memset(client->transmit.lease.bytes + client->transmit.start, 0, count);
    fifo_take(&client->transmit, count);
}

bool client_write(struct mqtt_client *client, uint64_t now_ms)
{
    struct span waiting = fifo_waiting(&client->transmit);
    if (waiting.count == 0)
        return false;
    size_t count = client->network->write(client->network->context, waiting.bytes, waiting.count);
    if (count == 0)
        return false;
    take_written(client, count);
    client->last_sent_ms = now_ms;
    client->progress_ms = client_answer_clock(client, now_ms);
    return count == waiting.count;
}

void client_say_goodbye(struct mqtt_client *client, uint64_t now_ms)
{
    client_put_empty(client, MQTT_DISCONNECT);
    client->said_goodbye = true;
    client_write(client, now_ms);
}

static void go_on_closing(struct mqtt_client *client, uint64_t now_ms)
{
    if (!client->said_goodbye && outbox_at(&client->outbox, OUTBOX_UNSENT) == NULL)
        client_say_goodbye(client, now_ms);
    if (client->said_goodbye && client->transmit.count == 0 && !client->has_ended)
        client_hang_up(client, CLIENT_NO_FAILURE);
}

void mqtt_client_flush(struct mqtt_client *client, uint64_t now_ms)
{
    if (!may_write(client))
        return;
    if (!outbox_is_empty(&client->outbox))
        gather(client);
    while (client_write(client, now_ms))
        gather(client);
    if (client->state == MQTT_CLOSING)
        go_on_closing(client, now_ms);
}
