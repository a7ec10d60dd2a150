#include "core/mqtt/client.h"
#include "core/mqtt/request_events.h"

_Static_assert(IMQTT_WINDOW >= 1 && IMQTT_WINDOW <= 16, "brokers close on more than 16");
_Static_assert(MQTT_REQUEST_BYTES >= IMQTT_LINE_BYTES + IMQTT_PUBEX_BYTES,
               "IMQTT_OUTBOX_BYTES and IMQTT_TRANSMIT_BYTES must have room for any request");

void mqtt_client_init(struct mqtt_client *client, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory)
{
    memset(client, 0, sizeof *client);
    link_init(&client->link, network, memory);
    reader_init(&client->reader, memory);
    outbox_init(&client->delivery.outbox, memory);
    client->delivery.is_clean = true;
    received_init(&client->received, memory);
}

static void forget_session(struct mqtt_client *client)
{
    delivery_forget(&client->delivery);
    received_clear(&client->received);
    client->session = 0;
    client->was_loaded = false;
}

void mqtt_client_end(struct mqtt_client *client)
{
    const struct imqtt_network_port *network = client->link.network;
    if (link_has_network(&client->link))
        network->close(network->context);
    link_clear(&client->link);
    reader_reset(&client->reader, client->version);
    forget_session(client);
    mqtt_client_init(client, network, client->link.transmit.lease.port);
}

/* ---- beginning ------------------------------------------------------------------------------ */

static bool put_connect(struct mqtt_link *link, const struct mqtt_connect_packet *packet)
{
    struct out out = fifo_begin(&link->transmit, packet_connect_bytes(packet));
    packet_put_connect(&out, packet);
    if (out.overflowed)
        return false;
    fifo_end(&link->transmit, &out);
    return true;
}

static void choose_first_id(struct mqtt_client *client, const struct mqtt_connect *connect)
{
    uint16_t known_id = IMQTT_ID_MARKS > 0 ? id_marks_begin(&client->ids, client->session) : 0;
    uint16_t unknown_id = connect->unknown_id != 0 ? connect->unknown_id : OUTBOX_FIRST_ID;
    client->first_id = known_id != 0 ? known_id : unknown_id;
}

/* A kept session goes on only with the same broker and the same client id. */
static void choose_session(struct mqtt_client *client, const struct mqtt_connect *connect)
{
    bool keeps = !connect->packet.clean_session;
    uint64_t session =
        id_marks_hash(span_text(connect->host), connect->port, connect->packet.client_id);
    client->resumes = keeps && client->session == session;
    if (!client->resumes)
        forget_session(client);
    if (!keeps)
        return;
    client->session = session;
    choose_first_id(client, connect);
}

static void take_options(struct mqtt_client *client, const struct mqtt_connect *connect)
{
    client->version = connect->packet.version;
    client->connack_timeout_ms = connect->connack_timeout_ms;
    client->delivery.is_clean = connect->packet.clean_session;
    client->delivery.timeout_ms = connect->request_timeout_ms;
    keep_alive_begin(&client->keep_alive, connect->packet.keep_alive_s,
                     connect->request_timeout_ms);
}

static void open_network(struct mqtt_client *client, const char *host, uint16_t port, bool tls,
                         uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    link->state = MQTT_OPENING;
    client->state_due_ms = answer_clock_now(&client->clock, now_ms) + IMQTT_OPEN_TIMEOUT_MS;
    link->network->open(link->network->context, host, port, tls);
}

static void await_connack(struct mqtt_client *client, uint64_t now_ms)
{
    client->link.state = MQTT_CONNECTING;
    client->state_due_ms = answer_clock_now(&client->clock, now_ms) + client->connack_timeout_ms;
}

static bool is_opened(const struct mqtt_link *link)
{
#if IMQTT_WITH_DIALECTS
    return link->state == MQTT_OPENED && !link->has_ended;
#else
    (void)link;
    return false;
#endif
}

#if IMQTT_WITH_DIALECTS
void mqtt_client_open(struct mqtt_client *client, const char *host, uint16_t port, bool tls,
                      uint64_t now_ms)
{
    client->opens_only = true;
    open_network(client, host, port, tls, now_ms);
}
#endif

bool mqtt_client_connect(struct mqtt_client *client, const struct mqtt_connect *connect,
                         uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    bool is_open = is_opened(link);
    if ((link->state != MQTT_IDLE && !is_open) || !packet_connect_is_valid(&connect->packet))
        return false;
    choose_session(client, connect);
    if (!put_connect(link, &connect->packet)) {
        forget_session(client);
        return false;
    }
    take_options(client, connect);
    reader_reset(&client->reader, client->version);
    if (is_open)
        await_connack(client, now_ms);
    else
        open_network(client, connect->host, connect->port, connect->tls, now_ms);
    return true;
}

void mqtt_client_opened(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->link.state != MQTT_OPENING)
        return;
#if IMQTT_WITH_DIALECTS
    if (client->opens_only) {
        client->opens_only = false;
        client->tells_opened = true;
        client->link.state = MQTT_OPENED;
        client->state_due_ms = ANSWER_CLOCK_NEVER;
        return;
    }
#endif
    await_connack(client, now_ms);
}

/* ---- ending --------------------------------------------------------------------------------- */

void mqtt_client_abort(struct mqtt_client *client, const struct imqtt_failure *failure)
{
    if (link_has_network(&client->link))
        link_hang_up(&client->link, *failure);
}

/* A link that was online ended by the broker may have a cause that the network does not know. */
static void end_online(struct mqtt_client *client, struct imqtt_failure failure)
{
    uint8_t text[IMQTT_FAILURE_TEXT_BYTES + 1] = {0};
    struct out out = out_on(text, IMQTT_FAILURE_TEXT_BYTES);
    if (IMQTT_WITH_DETAILS)
        delivery_blame(&client->delivery, &client->link, &out);
    if (out.count > 0)
        failure.text = (const char *)text;
    link_end(&client->link, failure);
}

/* A link that was to be closed anyway did not fail. */
void mqtt_client_failed(struct mqtt_client *client, const struct imqtt_failure *failure)
{
    if (!link_has_network(&client->link))
        return;
    if (client->link.state == MQTT_ONLINE)
        end_online(client, *failure);
    else
        link_end(&client->link, client->link.state == MQTT_CLOSING ? MQTT_NO_FAILURE : *failure);
}

/* Without a CONNACK it is given up at once, but politely: otherwise the will could fire. */
static bool is_on_its_way(const struct mqtt_link *link)
{
    return link->state == MQTT_OPENING || link->state == MQTT_CONNECTING || is_opened(link);
}

static void give_up(struct mqtt_link *link, uint64_t now_ms)
{
    if (link->state == MQTT_CONNECTING)
        link_say_goodbye(link, now_ms);
    link_hang_up(link, MQTT_NO_FAILURE);
}

void mqtt_client_disconnect(struct mqtt_client *client, uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    if (is_on_its_way(link))
        give_up(link, now_ms);
    if (link->state != MQTT_ONLINE)
        return;
    outbox_abandon(&client->delivery.outbox);
    link->state = MQTT_CLOSING;
    client->state_due_ms = now_ms + client->delivery.timeout_ms;
}

static void keep_session(struct mqtt_client *client)
{
    delivery_keep_unfinished(&client->delivery, &client->link);
    received_lose_link(&client->received);
    if (IMQTT_ID_MARKS == 0 || client->reader.awaits_connack) /* it was never online */
        return;
    uint16_t next_id = client->delivery.outbox.next_id;
    id_marks_set_last(&client->ids, next_id == 1 ? UINT16_MAX : (uint16_t)(next_id - 1));
}

/* MQTT_DISCONNECTED, the last event of a link. What the session does not keep is forgotten. */
static void report_end(struct mqtt_client *client, struct mqtt_event *event)
{
    *event = (struct mqtt_event){.kind = MQTT_DISCONNECTED, .failure = client->link.failure};
    if (client->delivery.is_clean)
        forget_session(client);
    else
        keep_session(client);
    link_rest(&client->link);
    reader_reset(&client->reader, client->version);
    client->keep_alive.awaits_pingresp = false;
#if IMQTT_WITH_DIALECTS
    client->opens_only = client->tells_opened = false;
#endif
}

/* ---- time ----------------------------------------------------------------------------------- */

_Static_assert(IMQTT_OPEN_TIMEOUT_MS == 10000, "the text below says so");

static void give_up_beginning(struct mqtt_link *link)
{
    struct imqtt_failure no_link = {IMQTT_STAGE_TCP, 0, "no connection within 10 s"};
    struct imqtt_failure no_connack = {IMQTT_STAGE_CONNACK, 0, "no CONNACK in time"};
    link_hang_up(link, link->state == MQTT_OPENING ? no_link : no_connack);
}

/* Before something is written: how much of it the store allows. */
static void limit_output(struct mqtt_client *client)
{
    if (!mqtt_client_keeps_on_store(client))
        return;
    struct session_mark now = mqtt_client_session_mark(client);
    client->link.limit = kept_session_limit(&client->kept, &now);
}

static void give_up_closing(struct mqtt_client *client, uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    limit_output(client);
    if (!link->said_goodbye)
        link_say_goodbye(link, now_ms);
    link_hang_up(link, MQTT_NO_FAILURE);
}

static void keep_time(struct mqtt_client *client, uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    if (link->state == MQTT_ONLINE)
        keep_alive_tick(&client->keep_alive, link, &client->clock, now_ms);
    else if (link->state == MQTT_CLOSING && now_ms >= client->state_due_ms)
        give_up_closing(client, now_ms);
    else if (link->state != MQTT_CLOSING &&
             answer_clock_is_past(&client->clock, client->state_due_ms, now_ms))
        give_up_beginning(link);
}

static bool next_of_link(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    struct delivery *delivery = &client->delivery;
    if (outbox_is_empty(&delivery->outbox))
        return false;
    uint64_t clock_ms = answer_clock_now(&client->clock, now_ms);
    return request_next_written(delivery, &client->link, clock_ms, event) ||
           request_next_late(delivery, &client->link, &client->clock, now_ms, event);
}

static bool next_of_end(struct mqtt_client *client, struct mqtt_event *event)
{
    outbox_abandon(&client->delivery.outbox);
    if (!request_next_lost(&client->delivery, &client->link, event))
        report_end(client, event);
    return true;
}

#if IMQTT_WITH_DIALECTS
static bool next_opened(struct mqtt_client *client, struct mqtt_event *event)
{
    if (!client->tells_opened)
        return false;
    client->tells_opened = false;
    *event = (struct mqtt_event){.kind = MQTT_NETWORK_OPENED, .failure = MQTT_NO_FAILURE};
    return true;
}
#endif

bool mqtt_client_next(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    outbox_tidy(&client->delivery.outbox);
    reader_tidy(&client->reader);
    if (client->link.state == MQTT_IDLE)
        return false;
#if IMQTT_WITH_DIALECTS
    if (next_opened(client, event))
        return true;
#endif
    if (client->delivery.early_id != 0) {
        request_report_early(&client->delivery, event);
        return true;
    }
    if (!client->link.has_ended)
        keep_time(client, now_ms);
    return client->link.has_ended ? next_of_end(client, event)
                                  : next_of_link(client, now_ms, event);
}

static bool has_event(const struct mqtt_client *client)
{
#if IMQTT_WITH_DIALECTS
    if (client->tells_opened)
        return true;
#endif
    const struct request *request = outbox_at(&client->delivery.outbox, OUTBOX_UNWRITTEN);
    return client->link.has_ended || client->delivery.early_id != 0 ||
           (request != NULL && link_was_taken(&client->link, request->position));
}

/* What the broker is to answer next, on the answer clock. */
static uint64_t answer_due_ms(const struct mqtt_client *client)
{
    uint64_t request_ms = request_due_ms(&client->delivery, &client->link);
    uint64_t state_ms = client->state_due_ms;
    if (client->link.state == MQTT_CLOSING)
        return request_ms;
    if (client->link.state == MQTT_ONLINE)
        state_ms = keep_alive_pingresp_ms(&client->keep_alive);
    return request_ms < state_ms ? request_ms : state_ms;
}

/* What this side is to do next, in real time. */
static uint64_t own_due_ms(const struct mqtt_client *client)
{
    if (client->link.state == MQTT_ONLINE)
        return keep_alive_pingreq_ms(&client->keep_alive, &client->link, &client->clock);
    return client->link.state == MQTT_CLOSING ? client->state_due_ms : ANSWER_CLOCK_NEVER;
}

uint64_t mqtt_client_next_deadline(const struct mqtt_client *client)
{
    if (client->link.state == MQTT_IDLE)
        return ANSWER_CLOCK_NEVER;
    if (has_event(client))
        return 0;
    uint64_t answer_ms = answer_clock_real(&client->clock, answer_due_ms(client));
    uint64_t own_ms = own_due_ms(client);
    return answer_ms < own_ms ? answer_ms : own_ms;
}

/* ---- output --------------------------------------------------------------------------------- */

static void go_on_closing(struct mqtt_link *link, struct outbox *outbox, uint64_t now_ms)
{
    if (!link->said_goodbye && outbox_at(outbox, OUTBOX_UNSENT) == NULL)
        link_say_goodbye(link, now_ms);
    if (link->said_goodbye && link->transmit.count == 0 && !link->has_ended)
        link_hang_up(link, MQTT_NO_FAILURE);
}

void mqtt_client_flush(struct mqtt_client *client, uint64_t now_ms)
{
    struct mqtt_link *link = &client->link;
    struct delivery *delivery = &client->delivery;
    if (!link_is_up(link))
        return;
    delivery_gather(delivery, link);
    limit_output(client);
    while (link_write(link, now_ms))
        delivery_gather(delivery, link);
    if (link->state == MQTT_CLOSING)
        go_on_closing(link, &delivery->outbox, now_ms);
}
