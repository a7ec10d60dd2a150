/* id_marks.h: how far the packet ids of kept sessions went, so that none is used again while a
 * broker may still hold it (commands.md section 4).
 *
 *   1. A session is known by a hash of host, port and client id; the last IMQTT_ID_MARKS of them
 *      are remembered, the latest first. 0: none is; a session that is not the last connection's
 *      begins at a random place.
 *   2. In memory each mark is exact. With a store, ids are reserved there in blocks, and none is
 *      used that is not: after a power cut the ids go on behind the block.
 *   3. A store that fails to save does not stop the ids: they go on as if it had.
 */
#ifndef CORE_MQTT_ID_MARKS_H
#define CORE_MQTT_ID_MARKS_H

#include "core/bytes/out.h"
#include "imqtt/limits.h"

#define ID_MARKS_PLACES (IMQTT_ID_MARKS > 0 ? IMQTT_ID_MARKS : 1)

struct id_mark {
    uint64_t session; /* the hash; 0: none */
    uint16_t last_id; /* 0: nobody knows */
    uint16_t reserved_id;
};

struct id_marks {
    struct id_mark marks[ID_MARKS_PLACES];
    bool has_store;
    bool is_saving;
    uint16_t saving_id; /* what is being reserved for the latest */
};

uint64_t id_marks_hash(struct span host, uint16_t port, struct span client_id);

/* This session is the latest now. Returns the id behind its last one; 0: nobody knows. */
uint16_t id_marks_begin(struct id_marks *marks, uint64_t session);

/* The latest session has used ids up to this one. */
void id_marks_set_last(struct id_marks *marks, uint16_t last_id);

/* Whether the latest session may use next_id now. */
bool id_marks_allow(const struct id_marks *marks, uint16_t next_id);

/* Whether the next block is to be saved now, so that next_id and its followers stay allowed. */
bool id_marks_want_save(const struct id_marks *marks, uint16_t next_id);

/* Writes the record that reserves a block from next_id on; it is on its way; it has arrived. */
void id_marks_put(const struct id_marks *marks, uint16_t next_id, struct out *record);
void id_marks_begun(struct id_marks *marks, uint16_t next_id);
void id_marks_saved(struct id_marks *marks);

/* There is a store, and this is what it holds; empty: nothing. false: it is unreadable. */
bool id_marks_load(struct id_marks *marks, struct span record);

#endif
