#include "core/mqtt/client_private.h"

/* ---- the answer clock ----------------------------------------------------------------------- */

uint64_t client_answer_clock(const struct mqtt_client *client, uint64_t now_ms)
{
    return (client->is_paused ? client->paused_since_ms : now_ms) - client->paused_total_ms;
}

/* The moment at which the answer clock will show due_ms. */
static uint64_t real_time_of(const struct mqtt_client *client, uint64_t due_ms)
{
    bool is_never = client->is_paused || due_ms == CLIENT_NEVER;
    return is_never ? CLIENT_NEVER : due_ms + client->paused_total_ms;
}

void mqtt_client_pause(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->is_paused)
        return;
    client->is_paused = true;
    client->paused_since_ms = now_ms;
}

void mqtt_client_resume(struct mqtt_client *client, uint64_t now_ms)
{
    if (!client->is_paused)
        return;
    client->is_paused = false;
    client->paused_total_ms += now_ms - client->paused_since_ms;
}

/* ---- keep-alive ----------------------------------------------------------------------------- */
/*
 *   1. PINGREQ is due when nothing was sent for keep_alive_ms [MQTT-3.1.2-23], and also when
 * nothing was received for so long: publishing with QoS 0 into a dead link would never notice.
 *   2. The first PINGREQ that is unanswered sets the deadline for PINGRESP. If the network is stuck
 *      and the PINGREQ cannot leave, the same deadline runs.
 *   3. While the owner cannot read, the deadline stands still, but 1. goes on being obeyed, for
 * what was sent.
 */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t pingreq_due_ms(const struct mqtt_client *client)
{
    if (client->keep_alive_ms == 0)
        return CLIENT_NEVER;
    bool can_hear = !client->is_paused && !client->awaits_pingresp;
    uint64_t since_ms =
        can_hear ? least(client->last_sent_ms, client->last_received_ms) : client->last_sent_ms;
    return since_ms + client->keep_alive_ms;
}

static uint32_t pingresp_timeout_ms(const struct mqtt_client *client)
{
    return client->request_timeout_ms + IMQTT_PINGRESP_GRACE_MS;
}

static uint64_t pingresp_due_ms(const struct mqtt_client *client)
{
    return client->awaits_pingresp ? client->pingresp_due_ms : CLIENT_NEVER;
}

static void ping(struct mqtt_client *client, uint64_t now_ms)
{
    if (client_was_taken(client, client->pingreq_position)) {
        client_put_empty(client, MQTT_PINGREQ);
        client->pingreq_position = fifo_position(&client->transmit);
    }
    if (!client->awaits_pingresp)
        client->pingresp_due_ms = client_answer_clock(client, now_ms) + pingresp_timeout_ms(client);
    client->awaits_pingresp = true;
    client->last_sent_ms = now_ms;
}

static void keep_alive(struct mqtt_client *client, uint64_t now_ms)
{
    if (now_ms >= pingreq_due_ms(client))
        ping(client, now_ms);
    if (client_answer_clock(client, now_ms) >= pingresp_due_ms(client))
        client_hang_up(client,
                       (struct imqtt_failure){IMQTT_STAGE_KEEPALIVE, 0, "no PINGRESP in time"});
}

/* ---- deadlines ------------------------------------------------------------------------------ */

_Static_assert(IMQTT_OPEN_TIMEOUT_MS == 10000, "the text below says so");

static void give_up_opening(struct mqtt_client *client)
{
    client_hang_up(client, (struct imqtt_failure){IMQTT_STAGE_TCP, 0, "no connection within 10 s"});
}

static void give_up_connecting(struct mqtt_client *client)
{
    client_hang_up(client, (struct imqtt_failure){IMQTT_STAGE_CONNACK, 0, "no CONNACK in time"});
}

static void give_up_closing(struct mqtt_client *client, uint64_t now_ms)
{
    if (!client->said_goodbye)
        client_say_goodbye(client, now_ms);
    client_hang_up(client, CLIENT_NO_FAILURE);
}

static void keep_time(struct mqtt_client *client, uint64_t now_ms)
{
    if (client->state == MQTT_IS_CONNECTED)
        keep_alive(client, now_ms);
    else if (client->state == MQTT_OPENING && now_ms >= client->state_due_ms)
        give_up_opening(client);
    else if (client->state == MQTT_CONNECTING &&
             client_answer_clock(client, now_ms) >= client->state_due_ms)
        give_up_connecting(client);
    else if (client->state == MQTT_CLOSING && now_ms >= client->state_due_ms)
        give_up_closing(client, now_ms);
}

static bool next_of_link(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    return !outbox_is_empty(&client->outbox) &&
           (client_next_written(client, now_ms, event) || client_next_late(client, now_ms, event));
}

static bool next_of_end(struct mqtt_client *client, struct mqtt_event *event)
{
    if (!client_next_lost(client, event))
        client_report_end(client, event);
    return true;
}

bool mqtt_client_next(struct mqtt_client *client, uint64_t now_ms, struct mqtt_event *event)
{
    outbox_tidy(&client->outbox);
    reader_tidy(&client->reader);
    if (client->state == MQTT_IDLE)
        return false;
    if (client->early_id != 0) {
        client_report_early(client, event);
        return true;
    }
    if (!client->has_ended)
        keep_time(client, now_ms);
    return client->has_ended ? next_of_end(client, event) : next_of_link(client, now_ms, event);
}

static bool has_event(const struct mqtt_client *client)
{
    const struct request *request = outbox_at(&client->outbox, OUTBOX_UNWRITTEN);
    return client->has_ended || client->early_id != 0 ||
           (request != NULL && client_was_taken(client, request->position));
}

/* The deadline of the state itself. */
static uint64_t state_due_ms(const struct mqtt_client *client)
{
    if (client->state == MQTT_CONNECTING)
        return real_time_of(client, client->state_due_ms);
    if (client->state == MQTT_IS_CONNECTED)
        return least(pingreq_due_ms(client), real_time_of(client, pingresp_due_ms(client)));
    return client->state_due_ms;
}

uint64_t mqtt_client_next_deadline(const struct mqtt_client *client)
{
    if (client->state == MQTT_IDLE)
        return CLIENT_NEVER;
    if (has_event(client))
        return 0;
    return least(state_due_ms(client), real_time_of(client, client_request_due_ms(client)));
}

uint64_t mqtt_client_room_deadline(const struct mqtt_client *client)
{
    if (!mqtt_client_is_quiet(client))
        return CLIENT_NEVER;
    return outbox_is_empty(&client->outbox) ? 0 : real_time_of(client, client_stall_ms(client));
}

/* ---- slow answers --------------------------------------------------------------------------- */

static bool is_slow_since(uint64_t due_ms, uint32_t timeout_ms, uint64_t clock_ms)
{
    return clock_ms > due_ms - timeout_ms + IMQTT_SLOW_ANSWER_MS;
}

bool mqtt_client_is_slow(const struct mqtt_client *client, uint64_t now_ms)
{
    uint64_t clock_ms = client_answer_clock(client, now_ms);
    const struct request *oldest = outbox_first(&client->outbox);
    if (client->state != MQTT_IS_CONNECTED)
        return false;
    if (client->awaits_pingresp &&
        is_slow_since(client->pingresp_due_ms, pingresp_timeout_ms(client), clock_ms))
        return true;
    return oldest != NULL && client_was_taken(client, oldest->position) &&
           is_slow_since(oldest->due_ms, client->request_timeout_ms, clock_ms);
}
