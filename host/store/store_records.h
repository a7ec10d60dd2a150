/* store_records.h: the records in the database of the store, which must be in a transaction. */
#ifndef HOST_STORE_STORE_RECORDS_H
#define HOST_STORE_STORE_RECORDS_H

#include "host/store/store_database.h"
#include "imqtt/ports.h"

struct record {
    int64_t id; /* of these very bytes: what is saved later has another. 0: there is no record */
    uint8_t *bytes;
    size_t count;
};

/* A record of its own bytes, id 0; bytes NULL if there is no memory. */
struct record record_copy(const uint8_t *bytes, size_t count);

/* Wipes and frees what it holds. */
void record_clear(struct record *record);

/* true: record is the terminal's, or has the id 0 if there is none. To be cleared. */
bool records_load(struct database *database, const char *terminal, enum imqtt_record kind,
                  struct record *record);

/* In place of an id: of whatever record is there. */
#define RECORD_ANY_ID (-1)

/* false also for a record without bytes. The record it replaces is kept aside if its id is
 * unread_id, 0: never. */
bool records_save(struct database *database, const char *terminal, enum imqtt_record kind,
                  const struct record *record, int64_t unread_id);

#endif
