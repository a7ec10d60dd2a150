#include "core/mqtt/kept_session.h"

_Static_assert(IMQTT_OUTBOX_BYTES <= UINT16_MAX, "lengths and counts have two bytes");

bool kept_session_has_changed(const struct kept_session *kept, const struct session_mark *now)
{
    const struct session_mark *saved = &kept->saved;
    if (!kept->is_on || (now->session == 0 && saved->session == 0))
        return false;
    return now->session != saved->session || (now->session != 0 && now->changes != saved->changes);
}

uint64_t kept_session_limit(const struct kept_session *kept, const struct session_mark *now)
{
    return kept_session_has_changed(kept, now) ? kept->saved.position : UINT64_MAX;
}

void kept_session_begin(struct kept_session *kept, const struct session_mark *now)
{
    kept->is_saving = true;
    kept->saving = *now;
}

void kept_session_end(struct kept_session *kept)
{
    if (kept->is_saving)
        kept->saved = kept->saving;
    kept->is_saving = false;
}

/* ---- written -------------------------------------------------------------------------------- */

static bool is_released(const struct request *request)
{
    return request->exchange == EXCHANGE_RELEASED;
}

static bool is_offered(const struct request *request)
{
    return exchange_survives((enum mqtt_packet_type)request->type, request->qos) &&
           request->exchange == EXCHANGE_OFFERED;
}

static uint16_t count_of(const struct outbox *outbox, bool (*is_one)(const struct request *))
{
    uint16_t count = 0;
    for (const struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        count = (uint16_t)(count + is_one(r));
    return count;
}

/* The first of those whose PUBREL stands there or further on. */
static const struct request *next_released(const struct outbox *outbox, uint64_t position)
{
    const struct request *next = NULL;
    for (const struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r))
        if (is_released(r) && r->position >= position &&
            (next == NULL || r->position < next->position))
            next = r;
    return next;
}

/* In the order of their PUBRECs, which is that of their positions; loaded ones have the same. */
static void put_released(const struct outbox *outbox, struct out *record)
{
    uint64_t from = 0;
    out_u16(record, count_of(outbox, is_released));
    for (const struct request *next; (next = next_released(outbox, from)) != NULL;
         from = next->position + 1)
        for (const struct request *r = next; r != NULL; r = outbox_after(outbox, r))
            if (is_released(r) && r->position == next->position)
                out_u16(record, r->packet_id);
}

static void put_offered(const struct outbox *outbox, struct out *record)
{
    out_u16(record, count_of(outbox, is_offered));
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r)) {
        if (!is_offered(r))
            continue;
        out_u16(record, r->packet_id);
        out_u16(record, (uint16_t)r->packet_bytes);
        out_span(record, span_of(request_packet(r), r->packet_bytes));
    }
}

void kept_session_put(const struct delivery *delivery, const struct received *received,
                      struct out *record)
{
    put_released(&delivery->outbox, record);
    put_offered(&delivery->outbox, record);
    received_put(received, record);
}

/* ---- read ----------------------------------------------------------------------------------- */

/* Whether it is a PUBLISH with this id, whole, as this program writes them. */
static bool is_publish(struct span packet, uint16_t packet_id)
{
    struct span rest = packet, topic;
    uint16_t topic_bytes, id;
    uint8_t header, byte;
    size_t length = 0;
    if (!span_take_u8(&rest, &header) || header >> 4 != MQTT_PUBLISH)
        return false;
    unsigned qos = header >> 1 & 3U;
    for (unsigned shift = 0; shift <= 21; shift += 7) {
        if (!span_take_u8(&rest, &byte))
            return false;
        length |= (size_t)(byte & 0x7FU) << shift;
        if (byte < 0x80)
            break;
    }
    return (qos == 1 || qos == 2) && length == rest.count && span_take_u16(&rest, &topic_bytes) &&
           span_take(&rest, topic_bytes, &topic) && span_take_u16(&rest, &id) && id == packet_id;
}

static struct request *add(struct outbox *outbox, uint16_t packet_id, size_t packet_bytes)
{
    bool is_known = packet_id == 0 || outbox_find(outbox, packet_id) != NULL;
    struct request *request = is_known ? NULL : outbox_begin(outbox, packet_bytes);
    if (request == NULL)
        return NULL;
    request->packet_id = packet_id;
    request->type = MQTT_PUBLISH;
    request->reported = true;
    return request;
}

/* Its PUBREL goes out first of all, as if PUBREC had come before this stream began. */
static bool take_released(struct outbox *outbox, struct span *record)
{
    uint16_t packet_id;
    if (!span_take_u16(record, &packet_id))
        return false;
    struct request *request = add(outbox, packet_id, 0);
    if (request == NULL)
        return false;
    request->qos = 2;
    request->exchange = EXCHANGE_RELEASED;
    request->position = 0;
    outbox_commit(outbox);
    return true;
}

static bool take_offered(struct outbox *outbox, struct span *record)
{
    uint16_t packet_id, bytes;
    struct span packet;
    if (!span_take_u16(record, &packet_id) || !span_take_u16(record, &bytes) ||
        !span_take(record, bytes, &packet) || !is_publish(packet, packet_id))
        return false;
    struct request *request = add(outbox, packet_id, bytes);
    if (request == NULL)
        return false;
    memcpy(request_packet(request), packet.bytes, bytes);
    request_packet(request)[0] |= MQTT_DUP;
    request->qos = packet.bytes[0] >> 1 & 3U;
    outbox_commit(outbox);
    return true;
}

static bool take_each(struct outbox *outbox, struct span *record,
                      bool (*take_one)(struct outbox *outbox, struct span *record))
{
    uint16_t count;
    if (!span_take_u16(record, &count))
        return false;
    while (count > 0 && take_one(outbox, record))
        count--;
    return count == 0;
}

bool kept_session_take(struct delivery *delivery, struct received *received, struct span *record)
{
    return take_each(&delivery->outbox, record, take_released) &&
           take_each(&delivery->outbox, record, take_offered) && received_take(received, record);
}
