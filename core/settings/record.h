/* record.h: what a modem stores, as bytes: a version, then fields in a fixed order.
 *
 * One record is under way at a time. Numbers are two bytes, high one first; a string is its length
 * and its bytes. A record of another version is not read.
 */
#ifndef CORE_SETTINGS_RECORD_H
#define CORE_SETTINGS_RECORD_H

#include "core/bytes/lease.h"
#include "core/bytes/out.h"
#include "imqtt/features.h"
#include "imqtt/ports.h"

struct imqtt_modem;

#define RECORD_VERSION 1

/* Which records there are depends on the commands that there are. */
#define RECORDS_EXIST (IMQTT_WITH_PROFILE || IMQTT_WITH_ALIYUN)
#define RECORD_FIRST  (IMQTT_WITH_PROFILE ? IMQTT_RECORD_SETTINGS : IMQTT_RECORD_TRIPLE)
#define RECORD_LAST   IMQTT_RECORD_PACKET_IDS
/* The one that is loaded behind another. */
#define RECORD_AFTER(record)                                                                       \
    ((record) == IMQTT_RECORD_SETTINGS && !IMQTT_WITH_ALIYUN ? IMQTT_RECORD_PACKET_IDS             \
                                                             : (enum imqtt_record)((record) + 1))

/* Whether the store has not answered yet: it is asked one thing at a time. */
bool record_is_busy(const struct imqtt_modem *modem);

/* A writer for a record with fields of up to `bytes`; false: no store, busy, or no memory. */
bool record_begin(struct imqtt_modem *modem, size_t bytes, struct out *record);
void record_put_string(struct out *record, struct span string);

/* Hands the record to the store; imqtt_modem_saved() follows. false: it did not fit. */
bool record_save(struct imqtt_modem *modem, enum imqtt_record which, const struct out *record);
/* The store has answered: its bytes are wiped and given back. */
void record_end_save(struct imqtt_modem *modem);

/* Takes the version off a stored record; false: it is of another version. */
bool record_take_version(struct span *record);
bool record_take_string(struct span *record, struct span *string);

#endif
