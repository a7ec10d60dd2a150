#include "core/mqtt/id_marks.h"

#define VERSION 1

/* FNV-1a, 64 bits. */
#define HASH_START 14695981039346656037U
#define HASH_PRIME 1099511628211U

uint64_t id_marks_hash(struct span host, uint16_t port, struct span client_id)
{
    const uint8_t between[] = {0, (uint8_t)(port >> 8), (uint8_t)port};
    const struct span parts[] = {host, span_of(between, sizeof between), client_id};
    uint64_t hash = HASH_START;
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
        for (size_t i = 0; i < parts[part].count; i++)
            hash = (hash ^ parts[part].bytes[i]) * HASH_PRIME;
    return hash != 0 ? hash : 1;
}

static uint16_t id_behind(uint16_t id)
{
    return id == UINT16_MAX ? 1 : (uint16_t)(id + 1);
}

/* How many ids there are from `from` up to `to`, both included: 1 … 65,535. */
static uint16_t count_ids(uint16_t from, uint16_t to)
{
    return (uint16_t)(to >= from ? to - from + 1 : UINT16_MAX - from + to + 1);
}

static uint16_t end_of_block(uint16_t first)
{
    uint32_t last = first + IMQTT_ID_BLOCK - 1U;
    return (uint16_t)(last > UINT16_MAX ? last - UINT16_MAX : last);
}

static size_t place_of(const struct id_marks *marks, uint64_t session)
{
    size_t place = 0;
    while (place + 1 < ID_MARKS_PLACES && marks->marks[place].session != session)
        place++;
    return place; /* the oldest, if it is not there */
}

uint16_t id_marks_begin(struct id_marks *marks, uint64_t session)
{
    size_t place = place_of(marks, session);
    struct id_mark mark = marks->marks[place];
    if (mark.session != session)
        mark = (struct id_mark){.session = session};
    memmove(&marks->marks[1], &marks->marks[0], place * sizeof mark);
    marks->marks[0] = mark;
    marks->is_saving = false;
    return mark.last_id != 0 ? id_behind(mark.last_id) : 0;
}

void id_marks_set_last(struct id_marks *marks, uint16_t last_id)
{
    marks->marks[0].last_id = last_id;
}

/* Ids that are left in the block; 0: next_id is not in it. */
static uint16_t ids_left(const struct id_marks *marks, uint16_t next_id)
{
    uint16_t reserved_id = marks->marks[0].reserved_id;
    uint16_t left = reserved_id != 0 ? count_ids(next_id, reserved_id) : 0;
    return left <= 2 * IMQTT_ID_BLOCK ? left : 0;
}

bool id_marks_allow(const struct id_marks *marks, uint16_t next_id)
{
    return !marks->has_store || ids_left(marks, next_id) > 0;
}

bool id_marks_want_save(const struct id_marks *marks, uint16_t next_id)
{
    return marks->has_store && !marks->is_saving && ids_left(marks, next_id) < IMQTT_ID_BLOCK / 2;
}

static void put_mark(struct out *record, uint64_t session, uint16_t id)
{
    for (unsigned shift = 64; shift > 0; shift -= 16)
        out_u16(record, (uint16_t)(session >> (shift - 16)));
    out_u16(record, id);
}

void id_marks_put(const struct id_marks *marks, uint16_t next_id, struct out *record)
{
    out_u8(record, VERSION);
    for (size_t i = 0; i < ID_MARKS_PLACES; i++)
        if (marks->marks[i].session != 0)
            put_mark(record, marks->marks[i].session,
                     i == 0 ? end_of_block(next_id) : marks->marks[i].reserved_id);
}

void id_marks_begun(struct id_marks *marks, uint16_t next_id)
{
    marks->is_saving = true;
    marks->saving_id = end_of_block(next_id);
}

void id_marks_saved(struct id_marks *marks)
{
    if (marks->is_saving)
        marks->marks[0].reserved_id = marks->saving_id;
    marks->is_saving = false;
}

static bool take_mark(struct span *record, struct id_mark *mark)
{
    uint16_t part;
    *mark = (struct id_mark){0};
    for (unsigned i = 0; i < 4; i++) {
        if (!span_take_u16(record, &part))
            return false;
        mark->session = mark->session << 16 | part;
    }
    if (!span_take_u16(record, &part))
        return false;
    mark->last_id = mark->reserved_id = part;
    return mark->session != 0;
}

bool id_marks_load(struct id_marks *marks, struct span record)
{
    uint8_t version;
    *marks = (struct id_marks){.has_store = true};
    if (record.count == 0)
        return true;
    if (!span_take_u8(&record, &version) || version != VERSION)
        return false;
    for (size_t i = 0; i < ID_MARKS_PLACES && record.count > 0; i++)
        if (!take_mark(&record, &marks->marks[i])) {
            marks->marks[i] = (struct id_mark){0};
            return false;
        }
    return record.count == 0;
}
