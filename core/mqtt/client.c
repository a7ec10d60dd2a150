#include "core/mqtt/client_private.h"

_Static_assert(IMQTT_WINDOW >= 1 && IMQTT_WINDOW <= 20, "brokers close on more than 20");
_Static_assert(MQTT_REQUEST_BYTES >= IMQTT_LINE_BYTES + IMQTT_PUBEX_BYTES,
               "IMQTT_OUTBOX_BYTES and IMQTT_TRANSMIT_BYTES must have room for any request");

void mqtt_client_init(struct mqtt_client *client, const struct imqtt_network_port *network,
                      const struct imqtt_memory_port *memory)
{
    *client = (struct mqtt_client){
        .network = network,
        .transmit = fifo_from(memory, IMQTT_MEMORY_TRANSMIT, IMQTT_TRANSMIT_BYTES),
        .outbox = outbox_from(memory),
        .reader = reader_from(memory),
        .received = received_from(memory),
        .session = session_from(memory),
        .state = MQTT_IDLE,
        .is_clean = true,
    };
}

static bool has_network(const struct mqtt_client *client)
{
    return client->state != MQTT_IDLE && !client->has_ended;
}

static void forget_session(struct mqtt_client *client)
{
    outbox_clear(&client->outbox);
    received_clear(&client->received);
    session_forget(&client->session);
}

void mqtt_client_end(struct mqtt_client *client)
{
    if (has_network(client))
        client->network->close(client->network->context);
    client_clear_transmit(client);
    reader_reset(&client->reader, client->version);
    forget_session(client);
    mqtt_client_init(client, client->network, client->outbox.lease.port);
}

/* ---- beginning ------------------------------------------------------------------------------ */

static bool put_connect(struct mqtt_client *client, const struct mqtt_connect_packet *packet)
{
    struct out out = fifo_begin(&client->transmit, packet_connect_bytes(packet));
    packet_put_connect(&out, packet);
    if (out.overflowed)
        return false;
    fifo_end(&client->transmit, &out);
    return true;
}

/* A kept session goes on only with the same broker and the same client id. */
static bool choose_session(struct mqtt_client *client, const struct mqtt_connect *connect)
{
    struct span host = span_text(connect->host), client_id = connect->packet.client_id;
    bool keeps = !connect->packet.clean_session;
    client->resumes = keeps && session_is(&client->session, host, connect->port, client_id);
    if (client->resumes)
        return true;
    forget_session(client);
    return !keeps || session_keep(&client->session, host, connect->port, client_id);
}

static void take_options(struct mqtt_client *client, const struct mqtt_connect *connect)
{
    client->version = connect->packet.version;
    client->is_clean = connect->packet.clean_session;
    client->keep_alive_ms = connect->packet.keep_alive_s * 1000U;
    client->connack_timeout_ms = connect->connack_timeout_ms;
    client->request_timeout_ms = connect->request_timeout_ms;
}

bool mqtt_client_connect(struct mqtt_client *client, const struct mqtt_connect *connect,
                         uint64_t now_ms)
{
    if (client->state != MQTT_IDLE || !packet_connect_is_valid(&connect->packet))
        return false;
    if (!choose_session(client, connect) || !put_connect(client, &connect->packet)) {
        forget_session(client);
        return false;
    }
    take_options(client, connect);
    reader_reset(&client->reader, client->version);
    client->state = MQTT_OPENING;
    client->state_due_ms = now_ms + IMQTT_OPEN_TIMEOUT_MS;
    client->network->open(client->network->context, connect->host, connect->port, connect->tls);
    return true;
}

void mqtt_client_opened(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->state != MQTT_OPENING)
        return;
    client->state = MQTT_CONNECTING;
    client->state_due_ms = client_answer_clock(client, now_ms) + client->connack_timeout_ms;
}

/* ---- ending --------------------------------------------------------------------------------- */

static void copy_failure(struct mqtt_client *client, struct imqtt_failure failure)
{
    size_t bytes = strlen(failure.text);
    if (bytes > sizeof client->failure_text - 1)
        bytes = sizeof client->failure_text - 1;
    memcpy(client->failure_text, failure.text, bytes);
    client->failure_text[bytes] = '\0';
    client->failure = failure;
    client->failure.text = client->failure_text;
}

void client_end_link(struct mqtt_client *client, struct imqtt_failure failure)
{
    copy_failure(client, failure);
    outbox_abandon(&client->outbox);
    client->has_ended = true;
    client->state = MQTT_CLOSING;
}

void client_hang_up(struct mqtt_client *client, struct imqtt_failure failure)
{
    if (client->has_ended)
        return;
    client->network->close(client->network->context);
    client_end_link(client, failure);
}

void client_hang_up_on_peer(struct mqtt_client *client, const char *text)
{
    client_hang_up(client, (struct imqtt_failure){IMQTT_STAGE_PEER, 0, text});
}

void mqtt_client_abort(struct mqtt_client *client, const struct imqtt_failure *failure)
{
    if (has_network(client))
        client_hang_up(client, *failure);
}

/* A link that was to be closed anyway did not fail. */
void mqtt_client_failed(struct mqtt_client *client, const struct imqtt_failure *failure)
{
    if (has_network(client))
        client_end_link(client, client->state == MQTT_CLOSING ? CLIENT_NO_FAILURE : *failure);
}

/* Without a CONNACK it is given up at once, but politely: otherwise the will could fire. */
static void give_up(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->state == MQTT_CONNECTING)
        client_say_goodbye(client, now_ms);
    client_hang_up(client, CLIENT_NO_FAILURE);
}

void mqtt_client_disconnect(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->state == MQTT_OPENING || client->state == MQTT_CONNECTING)
        give_up(client, now_ms);
    if (client->state != MQTT_IS_CONNECTED)
        return;
    outbox_abandon(&client->outbox);
    client->state = MQTT_CLOSING;
    client->state_due_ms = now_ms + client->request_timeout_ms;
}

/* What was written is a repetition next time [MQTT-3.3.1-1]. */
static void prepare_resend(struct mqtt_client *client, struct request *request)
{
    if (request->exchange == EXCHANGE_OFFERED && client_was_taken(client, request->position))
        request_packet(request)[0] |= MQTT_DUP;
    request->position = REQUEST_NOT_SENT;
}

static void keep_unfinished(struct mqtt_client *client)
{
    struct outbox *outbox = &client->outbox;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (exchange_survives(r->type, r->qos))
            prepare_resend(client, r);
        else
            outbox_remove(outbox, r);
    outbox_rewind(outbox);
}

void client_report_end(struct mqtt_client *client, struct mqtt_event *event)
{
    *event = (struct mqtt_event){.kind = MQTT_DISCONNECTED, .failure = client->failure};
    if (client->is_clean)
        forget_session(client);
    else
        keep_unfinished(client);
    client_clear_transmit(client);
    reader_reset(&client->reader, client->version);
    client->unanswered = 0;
    client->has_ended = client->said_goodbye = client->awaits_pingresp = false;
    client->state = MQTT_IDLE;
}

/* ---- state ---------------------------------------------------------------------------------- */

enum mqtt_state mqtt_client_state(const struct mqtt_client *client)
{
    return client->state;
}

bool mqtt_client_resumes(const struct mqtt_client *client)
{
    return client->resumes;
}

bool mqtt_client_is_quiet(const struct mqtt_client *client)
{
    if (client->state == MQTT_IDLE)
        return true;
    return !client->has_ended && client->early_id == 0 && client->transmit.count == 0 &&
           client_unreported(client) == NULL;
}

bool mqtt_client_is_backed_up(const struct mqtt_client *client)
{
    return client->transmit.count > IMQTT_TRANSMIT_BYTES - MQTT_RESERVE_BYTES;
}

bool mqtt_client_has_output(const struct mqtt_client *client)
{
    return client->state >= MQTT_CONNECTING && !client->has_ended && client->transmit.count > 0;
}
