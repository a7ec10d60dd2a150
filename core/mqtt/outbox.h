/* outbox.h: accepted requests that are not yet done, in order of acceptance, with their packets.
 *
 * One block of borrowed memory holds records one behind the other: a struct request, then the
 * encoded packet.
 *
 *   1. A new record is appended as a draft. It does not move until it is committed or abandoned.
 *   2. A finished record becomes a hole; holes at the front are gone at once.
 *   3. When an append finds no room at the end, the records close ranks if that frees at least a
 *      quarter of the block, so that moving costs little per byte; else the block grows.
 *   4. An empty outbox gives its block back unless it is small.
 *
 * Three cursors walk the records, each only forwards: to the first that is not yet in the transmit
 * stream, not yet written to the network, not yet reported.
 */
#ifndef CORE_MQTT_OUTBOX_H
#define CORE_MQTT_OUTBOX_H

#include "core/bytes/lease.h"
#include "core/mqtt/exchange.h"
#include "imqtt/features.h"

#define REQUEST_NOT_SENT UINT64_MAX

/* The manual's examples begin here, too. */
#define OUTBOX_FIRST_ID 2

struct request {
    uint64_t position;     /* where its last byte stands in the transmit stream */
    uint64_t due_ms;       /* by when it is to be answered, on the owner's clock */
    uint32_t packet_bytes; /* what is still needed of its packet */
    uint16_t record_bytes; /* from this record to the next */
    uint16_t packet_id;    /* 0: QoS 0 */
    uint8_t type;          /* enum mqtt_packet_type: PUBLISH, SUBSCRIBE or UNSUBSCRIBE */
    uint8_t qos;
    uint8_t tag;
    uint8_t exchange; /* enum exchange_state */
    bool reported;    /* its owner knows how it ended, or that it was late */
#if IMQTT_WITH_NEWS
    uint16_t payload_bytes; /* of a publish: for the news, when its packet is gone */
#endif
#if IMQTT_WITH_DIALECTS
    uint16_t label;      /* the owner's, comes back with its events */
    uint32_t timeout_ms; /* from when it was written; 0: as the connection has it */
#endif
};

enum outbox_cursor {
    OUTBOX_UNSENT,     /* the next one to go into the transmit stream */
    OUTBOX_UNWRITTEN,  /* the next one whose last byte the network will take */
    OUTBOX_UNREPORTED, /* all before it are reported */
    OUTBOX_CURSORS,
};

struct outbox {
    struct lease lease;
    uint32_t start, end; /* of the records in the lease; the draft, if any, follows */
    uint32_t cursors[OUTBOX_CURSORS];
    uint32_t live_bytes;  /* of records that are no holes */
    uint32_t draft_bytes; /* of the record being written; 0: none */
    uint16_t next_id;
    uint16_t free_ids; /* so many ids from next_id on are known to be unused */
    uint32_t changes;  /* of what a kept session remembers: publishes of QoS 1 and 2 */
};

void outbox_init(struct outbox *outbox, const struct imqtt_memory_port *port);

/* Begins a record with room for a packet. Fields of it are zero, but for position, which is
 * REQUEST_NOT_SENT. NULL: no room. Only without an open draft. */
struct request *outbox_begin(struct outbox *outbox, size_t packet_bytes);
struct request *outbox_draft(const struct outbox *outbox); /* NULL: none is open */
void outbox_commit(struct outbox *outbox);
void outbox_abandon(struct outbox *outbox);

/* The id for the next request, never 0 and never one in use; the same until outbox_use_id(). */
uint16_t outbox_next_id(struct outbox *outbox);
/* The next request that has no id yet gets this one, or the first behind it that is unused. */
void outbox_begin_ids(struct outbox *outbox, uint16_t packet_id);
void outbox_use_id(struct outbox *outbox);

static inline uint8_t *request_packet(struct request *request)
{
    return (uint8_t *)(request + 1);
}

/* Committed records, oldest first; NULL at the end. */
struct request *outbox_first(const struct outbox *outbox);
struct request *outbox_after(const struct outbox *outbox, const struct request *request);

/* The unfinished request with this id, or NULL. */
struct request *outbox_find(const struct outbox *outbox, uint16_t packet_id);

/* The record at a cursor, NULL at the end; and the step behind it, which is where it now stands. */
struct request *outbox_at(const struct outbox *outbox, enum outbox_cursor cursor);
void outbox_pass(struct outbox *outbox, enum outbox_cursor cursor, const struct request *request);

/* Behind all records there is nothing to look for: that most calls find, at no cost. */
static inline bool outbox_is_passed(const struct outbox *outbox, enum outbox_cursor cursor)
{
    return outbox->cursors[cursor] >= outbox->end;
}

/* All cursors back to the oldest record. */
void outbox_rewind(struct outbox *outbox);

/* The request is done. Its bytes stay readable until the next outbox_begin() or outbox_tidy(). */
void outbox_remove(struct outbox *outbox, struct request *request);

/* The packet is not needed any more; the request is. */
void outbox_shrink(struct outbox *outbox, struct request *request);

static inline bool outbox_is_empty(const struct outbox *outbox)
{
    return outbox->start == outbox->end;
}

/* Gives back what an empty outbox does not need. */
void outbox_tidy(struct outbox *outbox);

/* Forgets all, and begins the packet ids anew. */
void outbox_clear(struct outbox *outbox);

#endif
