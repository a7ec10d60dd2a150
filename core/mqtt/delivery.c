#include "core/mqtt/delivery.h"

/* So much is gathered before the network is asked to take it. */
#define GATHER_BYTES 16384

#define BLAMED_TIMES 3

static bool is_sent(const struct request *request)
{
    return request->position != REQUEST_NOT_SENT;
}

/* ---- sending -------------------------------------------------------------------------------- */

static bool put_request(struct mqtt_link *link, struct request *request)
{
    size_t bytes = request->packet_bytes;
    if (bytes > link_room(link))
        return false;
    struct out out = fifo_begin(&link->transmit, bytes);
    out_span(&out, span_of(request_packet(request), bytes));
    if (out.overflowed)
        return false;
    fifo_end(&link->transmit, &out);
    return true;
}

static void mark_sent(struct delivery *delivery, const struct mqtt_link *link,
                      struct request *request)
{
    if (!is_sent(request) && delivery_is_counted(request))
        delivery->unanswered++;
    request->position = fifo_position(&link->transmit);
}

static bool may_send(const struct delivery *delivery, const struct mqtt_link *link,
                     const struct request *request)
{
    return link->transmit.count < GATHER_BYTES &&
           !(delivery_is_counted(request) && delivery->unanswered >= IMQTT_WINDOW);
}

/* One that was answered before its repetition is released already. */
static struct request *next_unsent(struct delivery *delivery)
{
    struct request *request;
    while ((request = outbox_at(&delivery->outbox, OUTBOX_UNSENT)) != NULL && is_sent(request))
        outbox_pass(&delivery->outbox, OUTBOX_UNSENT, request);
    return request;
}

void delivery_gather(struct delivery *delivery, struct mqtt_link *link)
{
    struct request *request;
    if (outbox_is_passed(&delivery->outbox, OUTBOX_UNSENT) || link->state == MQTT_CONNECTING ||
        link->said_goodbye)
        return;
    while ((request = next_unsent(delivery)) != NULL && may_send(delivery, link, request) &&
           put_request(link, request)) {
        outbox_pass(&delivery->outbox, OUTBOX_UNSENT, request);
        mark_sent(delivery, link, request);
    }
}

void delivery_release(struct delivery *delivery, struct mqtt_link *link, struct request *request)
{
    if (request->exchange != EXCHANGE_RELEASED)
        outbox_shrink(&delivery->outbox, request);
    request->exchange = EXCHANGE_RELEASED;
    link_put_answer(link, MQTT_PUBREL, request->packet_id);
    mark_sent(delivery, link, request);
}

void delivery_finish(struct delivery *delivery, struct request *request)
{
    if (delivery_is_counted(request) && is_sent(request))
        delivery->unanswered--;
    outbox_remove(&delivery->outbox, request);
}

/* ---- another link --------------------------------------------------------------------------- */

/* A released request's position is that of its PUBREL, so these follow the order of PUBREC. */
static struct request *first_released(const struct outbox *outbox, uint64_t before)
{
    struct request *first = NULL;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (r->exchange == EXCHANGE_RELEASED && r->position <= before &&
            (first == NULL || r->position < first->position))
            first = r;
    return first;
}

void delivery_begin(struct delivery *delivery, struct mqtt_link *link, uint64_t clock_ms)
{
    struct request *request;
    uint64_t before = link->transmit.taken; /* what this link has sent stands behind it */
    delivery->progress_ms = clock_ms;
    while (link_is_up(link) && (request = first_released(&delivery->outbox, before)) != NULL) {
        delivery_release(delivery, link, request);
        delivery->unanswered++;
    }
}

static bool has_left(const struct mqtt_link *link, const struct request *request)
{
    return is_sent(request) && request->position - request->packet_bytes < link->transmit.taken;
}

static void prepare_repetition(const struct mqtt_link *link, struct request *request)
{
    if (request->exchange == EXCHANGE_RELEASED)
        return;
    if (has_left(link, request))
        request_packet(request)[0] |= MQTT_DUP;
    request->position = REQUEST_NOT_SENT;
}

void delivery_keep_unfinished(struct delivery *delivery, const struct mqtt_link *link)
{
    struct outbox *outbox = &delivery->outbox;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (exchange_survives(r->type, r->qos))
            prepare_repetition(link, r);
        else
            outbox_remove(outbox, r);
    outbox_rewind(outbox);
    delivery->unanswered = 0;
}

void delivery_forget(struct delivery *delivery)
{
    outbox_clear(&delivery->outbox);
    delivery->unanswered = delivery->blamed_times = 0;
    delivery->blamed_id = 0;
}

/* ---- what a broker chokes on ---------------------------------------------------------------- */

static bool is_repetition(struct request *request)
{
    return request->type == MQTT_PUBLISH && request->exchange == EXCHANGE_OFFERED &&
           request->packet_bytes > 0 && (request_packet(request)[0] & MQTT_DUP) != 0;
}

/* Those before it were answered. */
static struct request *oldest_repetition(const struct delivery *delivery,
                                         const struct mqtt_link *link)
{
    const struct outbox *outbox = &delivery->outbox;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (is_repetition(r) && has_left(link, r))
            return r;
    return NULL;
}

void delivery_blame(struct delivery *delivery, const struct mqtt_link *link, struct out *out)
{
    struct request *request = oldest_repetition(delivery, link);
    uint16_t id = request != NULL ? request->packet_id : 0;
    bool again = id != 0 && id == delivery->blamed_id;
    delivery->blamed_id = id;
    if (!again)
        delivery->blamed_times = id != 0;
    else if (delivery->blamed_times < BLAMED_TIMES)
        delivery->blamed_times++;
    if (delivery->blamed_times < BLAMED_TIMES)
        return;
    out_text(out, "message ");
    out_decimal(out, id);
    out_text(out, " of ");
    out_decimal(out, (int32_t)request->packet_bytes);
    out_text(out, " bytes ended 3 connections; connecting once with CLEAN,1 drops it");
}
