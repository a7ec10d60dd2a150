/* The MQTT client (core/mqtt/client.h) with a hostile broker: whatever comes and whenever, each
 * request is reported exactly once, a connection ends at most once, and all memory comes back. */
#include <stdlib.h>

#include "core/mqtt/client.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"
#include "tests/unit/lender.h"

struct owner {
    struct mqtt_client client;
    struct imqtt_network_port network;
    struct lender lender;
    uint64_t now_ms;
    size_t room; /* that the network has */
    bool is_open;
    unsigned connections; /* asked for and not yet over */
    unsigned requests;    /* accepted and not yet reported */
};

/* ---- ports ---------------------------------------------------------------------------------- */

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    struct owner *owner = context;
    promise(!owner->is_open && strlen(host) > 0 && port > 0 && !tls, "it opens what it was told");
    owner->is_open = true;
}

static size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    struct owner *owner = context;
    promise(owner->is_open && bytes != NULL, "only an open network is written to");
    size_t taken = count < owner->room ? count : owner->room;
    owner->room -= taken;
    return taken;
}

static void close_network(void *context)
{
    struct owner *owner = context;
    promise(owner->is_open, "only an open network is closed");
    owner->is_open = false;
}

/* ---- events --------------------------------------------------------------------------------- */

static void end_request(struct owner *owner, const struct mqtt_event *event)
{
    if (event->reported)
        return;
    promise(owner->requests > 0, "a request is reported once");
    owner->requests--;
}

static void take_event(struct owner *owner, const struct mqtt_event *event)
{
    switch (event->kind) {
    case MQTT_CONNECTED:
        promise(owner->connections == 1, "only what was asked for connects");
        break;
    case MQTT_DISCONNECTED:
        promise(owner->connections == 1, "a connection ends once");
        promise(owner->requests == 0, "requests end before their connection");
        promise(event->failure.text != NULL, "an end has a reason");
        owner->connections = 0;
        break;
    case MQTT_PUBLISHED:
    case MQTT_SUBSCRIBED:
    case MQTT_UNSUBSCRIBED:
        end_request(owner, event);
        break;
    case MQTT_MESSAGE:
        promise(event->topic.count > 0, "a message has a topic");
        mqtt_client_acknowledge(&owner->client, event->packet_id, event->qos);
        break;
    case MQTT_MESSAGE_AGAIN:
    case MQTT_MESSAGE_TOO_LARGE:
        mqtt_client_acknowledge(&owner->client, event->packet_id, event->qos);
        break;
    case MQTT_NETWORK_OPENED:
        promise(false, "nobody asked for a network alone");
        break;
    case MQTT_QOS2_PUBACK:
        break;
    }
}

static void take_events(struct owner *owner)
{
    struct mqtt_event event;
    while (mqtt_client_next(&owner->client, owner->now_ms, &event))
        take_event(owner, &event);
}

static void turn(struct owner *owner)
{
    take_events(owner);
    mqtt_client_flush(&owner->client, owner->now_ms);
    take_events(owner);
}

/* ---- what may happen ------------------------------------------------------------------------ */

static void connect(struct owner *owner, struct span *input)
{
    uint8_t choice = take_byte(input);
    if (mqtt_client_state(&owner->client) != MQTT_IDLE)
        return;
    struct mqtt_connect connect = {
        .host = "broker",
        .port = 1883,
        .packet = {.version = choice & 1 ? MQTT_3_1 : MQTT_3_1_1,
                   .clean_session = (choice & 2) == 0,
                   .keep_alive_s = 60,
                   .client_id = span_text(choice & 4 ? "other" : "client")},
        .connack_timeout_ms = 3000,
        .request_timeout_ms = 3000,
    };
    owner->connections += mqtt_client_connect(&owner->client, &connect, owner->now_ms);
}

static void request(struct owner *owner, struct span *input)
{
    struct mqtt_draft draft;
    size_t choice = take_choice(input, 5);
    struct span text = take_short(input);
    struct mqtt_publish publish = {
        .qos = (uint8_t)choice, .topic_bytes = 2, .payload_bytes = text.count};
    if (mqtt_client_state(&owner->client) != MQTT_ONLINE)
        return;
    bool begun = choice < 3    ? mqtt_client_begin_publish(&owner->client, &publish, &draft)
                 : choice == 3 ? mqtt_client_begin_subscribe(&owner->client, 2 + 2 + 1, &draft)
                               : mqtt_client_begin_unsubscribe(&owner->client, 2 + 2, &draft);
    if (!begun)
        return;
    if (choice < 3)
        out_text(&draft.topic, "/t");
    else
        packet_begin_filter(&draft.payload, 2);
    if (choice < 3)
        out_span(&draft.payload, text);
    else
        out_text(&draft.payload, "/t");
    if (choice == 3)
        out_u8(&draft.payload, 1);
    mqtt_client_commit(&owner->client, owner->now_ms);
    owner->requests++;
}

static void hear(struct owner *owner, struct span *input)
{
    struct span packets = take_short(input);
    struct mqtt_event event;
    if (!owner->is_open || mqtt_client_state(&owner->client) == MQTT_OPENING)
        return;
    uint8_t *copy = malloc(packets.count + 1);
    if (packets.count > 0)
        memcpy(copy, packets.bytes, packets.count);
    struct span rest = span_of(copy, packets.count);
    while (mqtt_client_read(&owner->client, &rest, owner->now_ms, &event)) {
        take_event(owner, &event);
        turn(owner);
    }
    free(copy);
}

static void lose(struct owner *owner)
{
    static const struct imqtt_failure lost = {IMQTT_STAGE_TCP, 104, "reset"};
    if (!owner->is_open)
        return;
    owner->is_open = false;
    mqtt_client_failed(&owner->client, &lost);
}

static void happen(struct owner *owner, struct span *input)
{
    switch (take_choice(input, 8)) {
    case 0:
        connect(owner, input);
        break;
    case 1:
        if (owner->is_open && mqtt_client_state(&owner->client) == MQTT_OPENING)
            mqtt_client_opened(&owner->client, owner->now_ms);
        break;
    case 2:
    case 3:
        hear(owner, input);
        break;
    case 4:
        request(owner, input);
        break;
    case 5:
        owner->now_ms += take_u16(input);
        break;
    case 6:
        owner->room = take_choice(input, 2) == 0 ? SIZE_MAX : take_byte(input);
        break;
    default:
        if (take_choice(input, 2) == 0)
            lose(owner);
        else if (mqtt_client_state(&owner->client) != MQTT_IDLE)
            mqtt_client_disconnect(&owner->client, owner->now_ms);
        break;
    }
    turn(owner);
}

/* With room, and enough time, nothing stays open. */
static void let_all_end(struct owner *owner)
{
    owner->room = SIZE_MAX;
    turn(owner);
    for (int i = 0; i < 1000 && mqtt_client_next_deadline(&owner->client) != UINT64_MAX; i++) {
        if (mqtt_client_next_deadline(&owner->client) > owner->now_ms)
            owner->now_ms = mqtt_client_next_deadline(&owner->client);
        turn(owner);
    }
    promise(mqtt_client_next_deadline(&owner->client) == UINT64_MAX, "deadlines end");
    promise(owner->requests == 0 && owner->connections == 0, "all that was begun has ended");
    promise(mqtt_client_state(&owner->client) == MQTT_IDLE, "a silent broker is given up");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct owner owner = {.now_ms = 1000, .room = SIZE_MAX};
    struct span input = span_of(bytes, count);
    owner.network = (struct imqtt_network_port){&owner, open_network, write_network, close_network};
    lender_init(&owner.lender);
    mqtt_client_init(&owner.client, &owner.network, &owner.lender.port);
    while (input.count > 0)
        happen(&owner, &input);
    let_all_end(&owner);
    mqtt_client_end(&owner.client);
    promise(owner.lender.blocks == 0, "a client gives its memory back");
    return 0;
}
