/* records.h: the store, which is asked one thing at a time, and the record on its way there. */
#ifndef CORE_MODEM_RECORDS_H
#define CORE_MODEM_RECORDS_H

#include "core/bytes/fifo.h"
#include "imqtt/limits.h"
#include "imqtt/ports.h"

/* Which records there are depends on the commands that there are. */
#define RECORDS_EXIST (IMQTT_WITH_PROFILE || IMQTT_WITH_ALIYUN)
#define RECORD_FIRST  (IMQTT_WITH_PROFILE ? IMQTT_RECORD_SETTINGS : IMQTT_RECORD_TRIPLE)
/* The one that is loaded behind another. */
#define RECORD_AFTER(record)                                                                       \
    ((record) == IMQTT_RECORD_SETTINGS && !IMQTT_WITH_ALIYUN ? IMQTT_RECORD_PACKET_IDS             \
                                                             : (enum imqtt_record)((record) + 1))

enum records_question { RECORDS_ASK_NOTHING, RECORDS_LOAD, RECORDS_SAVE };

struct records {
    enum records_question question; /* which the store has not answered yet */
    enum imqtt_record asked;        /* about this one, */
#if IMQTT_CLIENTS > 1
    uint8_t client;     /* of this client */
    uint8_t saved_last; /* a record of this client */
#endif
    struct fifo bytes; /* of a record that is being saved */
};

struct records records_in(const struct imqtt_memory_port *memory);

static inline bool records_are_busy(const struct records *records)
{
    return records->question != RECORDS_ASK_NOTHING;
}

void records_load(struct records *records, const struct imqtt_store_port *store,
                  enum imqtt_record which);

/* A writer for a record, which grows; false: no store, or busy. */
bool records_begin(struct records *records, const struct imqtt_store_port *store,
                   struct out *record);
/* Hands it to the store; imqtt_modem_saved() follows. false: there was no memory for the whole, and
 * what was written is wiped. */
bool records_save(struct records *records, const struct imqtt_store_port *store,
                  enum imqtt_record which, const struct out *record);

/* The store has answered. What was saved is wiped and given back. */
void records_answered(struct records *records);

/* Wipes what is being saved, and gives it back. */
void records_clear(struct records *records);

#endif
