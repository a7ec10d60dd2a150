#include "core/mqtt/outbox.h"
#include "imqtt/limits.h"

#define ALIGNMENT sizeof(uint64_t)
_Static_assert(sizeof(struct request) % ALIGNMENT == 0, "records must stay aligned");
_Static_assert(IMQTT_OUTBOX_BYTES <= UINT16_MAX, "a length has two bytes");
_Static_assert(IMQTT_OUTBOX_BYTES / sizeof(struct request) < UINT16_MAX, "an id must be free");

static struct request *record_at(const struct outbox *outbox, uint32_t offset)
{
    return (struct request *)(void *)(outbox->lease.bytes + offset);
}

static uint32_t offset_of(const struct outbox *outbox, const struct request *request)
{
    return (uint32_t)((const uint8_t *)request - outbox->lease.bytes);
}

/* What a record needs, which is less than its place once its packet is not needed any more. */
static uint32_t needed_bytes(size_t packet_bytes)
{
    size_t bytes = sizeof(struct request) + packet_bytes;
    return (uint32_t)((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

static bool is_hole(const struct request *request)
{
    return request->exchange == EXCHANGE_DONE;
}

/* The first record at or behind offset that is no hole, or the end. */
static uint32_t behind_holes(const struct outbox *outbox, uint32_t offset)
{
    while (offset < outbox->end && is_hole(record_at(outbox, offset)))
        offset += record_at(outbox, offset)->record_bytes;
    return offset;
}

static struct request *record_or_null(const struct outbox *outbox, uint32_t offset)
{
    return offset < outbox->end ? record_at(outbox, offset) : NULL;
}

void outbox_init(struct outbox *outbox, const struct imqtt_memory_port *port)
{
    *outbox =
        (struct outbox){.lease = lease_from(port, IMQTT_MEMORY_OUTBOX), .next_id = OUTBOX_FIRST_ID};
}

/* ---- room ----------------------------------------------------------------------------------- */

static void move_record(struct outbox *outbox, uint32_t from, uint32_t to)
{
    struct request *request = record_at(outbox, from);
    request->record_bytes = (uint16_t)needed_bytes(request->packet_bytes);
    memmove(record_at(outbox, to), request, request->record_bytes);
    for (size_t i = 0; i < OUTBOX_CURSORS; i++)
        if (outbox->cursors[i] == from)
            outbox->cursors[i] = to;
}

static uint32_t place_of_cursor(const struct outbox *outbox, uint32_t cursor)
{
    return behind_holes(outbox, cursor > outbox->start ? cursor : outbox->start);
}

static void close_ranks(struct outbox *outbox)
{
    uint32_t to = 0, next;
    for (size_t i = 0; i < OUTBOX_CURSORS; i++)
        outbox->cursors[i] = place_of_cursor(outbox, outbox->cursors[i]);
    for (uint32_t from = outbox->start; from < outbox->end; from = next) {
        next = behind_holes(outbox, from + record_at(outbox, from)->record_bytes);
        move_record(outbox, from, to);
        to += record_at(outbox, to)->record_bytes;
    }
    for (size_t i = 0; i < OUTBOX_CURSORS; i++)
        if (outbox->cursors[i] == outbox->end)
            outbox->cursors[i] = to;
    outbox->start = 0;
    outbox->end = to;
}

static void restart_if_empty(struct outbox *outbox)
{
    if (outbox->start < outbox->end || outbox->draft_bytes > 0)
        return;
    outbox->start = outbox->end = 0;
    outbox_rewind(outbox);
}

static bool make_room(struct outbox *outbox, uint32_t bytes)
{
    if (outbox->end + bytes <= outbox->lease.capacity)
        return true;
    if (outbox->end - outbox->live_bytes >= outbox->lease.capacity / 4)
        close_ranks(outbox);
    return lease_grow(&outbox->lease, outbox->end + bytes, IMQTT_OUTBOX_BYTES);
}

void outbox_tidy(struct outbox *outbox)
{
    restart_if_empty(outbox);
    if (outbox->end == 0 && outbox->draft_bytes == 0 && outbox->lease.capacity > IMQTT_KEPT_BYTES)
        lease_return(&outbox->lease);
}

void outbox_clear(struct outbox *outbox)
{
    lease_return(&outbox->lease);
    *outbox = (struct outbox){
        .lease = outbox->lease, .next_id = OUTBOX_FIRST_ID, .changes = outbox->changes + 1};
}

/* ---- the draft ------------------------------------------------------------------------------ */

struct request *outbox_begin(struct outbox *outbox, size_t packet_bytes)
{
    if (packet_bytes > IMQTT_OUTBOX_BYTES)
        return NULL;
    uint32_t bytes = needed_bytes(packet_bytes);
    restart_if_empty(outbox);
    if (!make_room(outbox, bytes))
        return NULL;
    struct request *request = record_at(outbox, outbox->end);
    *request = (struct request){.position = REQUEST_NOT_SENT,
                                .record_bytes = (uint16_t)bytes,
                                .packet_bytes = (uint32_t)packet_bytes};
    outbox->draft_bytes = bytes;
    return request;
}

struct request *outbox_draft(const struct outbox *outbox)
{
    return outbox->draft_bytes > 0 ? record_at(outbox, outbox->end) : NULL;
}

static void note_change(struct outbox *outbox, const struct request *request)
{
    if (IMQTT_WITH_KEPT_SESSION)
        outbox->changes += request->qos > 0;
}

void outbox_commit(struct outbox *outbox)
{
    note_change(outbox, record_at(outbox, outbox->end));
    outbox->end += outbox->draft_bytes;
    outbox->live_bytes += outbox->draft_bytes;
    outbox->draft_bytes = 0;
}

void outbox_abandon(struct outbox *outbox)
{
    outbox->draft_bytes = 0;
}

/* ---- packet ids ----------------------------------------------------------------------------- */

static uint16_t id_after(uint16_t packet_id)
{
    return packet_id == UINT16_MAX ? 1 : packet_id + 1;
}

/* How many ids from next_id on are unused: up to the first that a request has. */
static uint16_t unused_ids(const struct outbox *outbox)
{
    uint16_t least = UINT16_MAX, next = outbox->next_id;
    for (struct request *r = outbox_first(outbox); r != NULL; r = outbox_after(outbox, r)) {
        uint16_t id = r->packet_id;
        uint16_t distance = (uint16_t)(id >= next ? id - next : UINT16_MAX - next + id);
        if (id > 0 && distance < least)
            least = distance;
    }
    return least;
}

/* Searches only when the ids known to be unused are spent: once in a lap of 65,535, and where a
 * request of the lap before is still open. */
uint16_t outbox_next_id(struct outbox *outbox)
{
    while (outbox->free_ids == 0) {
        outbox->free_ids = unused_ids(outbox);
        if (outbox->free_ids == 0)
            outbox->next_id = id_after(outbox->next_id);
    }
    return outbox->next_id;
}

void outbox_begin_ids(struct outbox *outbox, uint16_t packet_id)
{
    outbox->next_id = packet_id;
    outbox->free_ids = 0;
}

void outbox_use_id(struct outbox *outbox)
{
    outbox->next_id = id_after(outbox->next_id);
    outbox->free_ids--;
}

/* ---- committed records ---------------------------------------------------------------------- */

struct request *outbox_first(const struct outbox *outbox)
{
    return record_or_null(outbox, outbox->start);
}

struct request *outbox_after(const struct outbox *outbox, const struct request *request)
{
    uint32_t next = offset_of(outbox, request) + request->record_bytes;
    return record_or_null(outbox, behind_holes(outbox, next));
}

struct request *outbox_find(const struct outbox *outbox, uint16_t packet_id)
{
    struct request *request = outbox_first(outbox);
    while (request != NULL && request->packet_id != packet_id)
        request = outbox_after(outbox, request);
    return request;
}

struct request *outbox_at(const struct outbox *outbox, enum outbox_cursor cursor)
{
    return record_or_null(outbox, place_of_cursor(outbox, outbox->cursors[cursor]));
}

void outbox_pass(struct outbox *outbox, enum outbox_cursor cursor, const struct request *request)
{
    outbox->cursors[cursor] = offset_of(outbox, request) + request->record_bytes;
}

void outbox_rewind(struct outbox *outbox)
{
    for (size_t i = 0; i < OUTBOX_CURSORS; i++)
        outbox->cursors[i] = outbox->start;
}

void outbox_remove(struct outbox *outbox, struct request *request)
{
    request->exchange = EXCHANGE_DONE;
    note_change(outbox, request);
    outbox->live_bytes -= needed_bytes(request->packet_bytes);
    outbox->start = behind_holes(outbox, outbox->start);
}

void outbox_shrink(struct outbox *outbox, struct request *request)
{
    note_change(outbox, request);
    outbox->live_bytes -= needed_bytes(request->packet_bytes) - needed_bytes(0);
    request->packet_bytes = 0;
}
