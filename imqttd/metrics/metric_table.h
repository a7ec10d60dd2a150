/* metric_table.h: every metric of a modem: its name, type, labels and place. */
#ifndef IMQTTD_METRICS_METRIC_TABLE_H
#define IMQTTD_METRICS_METRIC_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "imqtt/failure.h"

/* What an attempt may come to: connected, and each stage at which it may fail. */
#define METRIC_ONE(name, word) +1
enum { METRIC_RESULTS = IMQTT_STAGES(METRIC_ONE) };
#undef METRIC_ONE

/* The places of a modem's figures, one a series. */
enum metric_slot {
    SLOT_CONNECTED,
    SLOT_ATTEMPTS, /* connected, then the stages */
    SLOT_RECONNECTS = SLOT_ATTEMPTS + METRIC_RESULTS,
    SLOT_MESSAGES, /* in 0, 1, 2, out 0, 1, 2 */
    SLOT_MESSAGE_BYTES = SLOT_MESSAGES + 6,
    SLOT_REQUESTS = SLOT_MESSAGE_BYTES + 2,   /* each kind: done, failed */
    SLOT_ACKNOWLEDGEMENT = SLOT_REQUESTS + 8, /* a bucket each, then the rest */
    SLOT_ACKNOWLEDGEMENT_MS = SLOT_ACKNOWLEDGEMENT + 11,
    SLOT_URCS_WAITING,
    SLOT_INBOX,
    SLOT_DROPPED,                     /* reasons */
    SLOT_COMMANDS = SLOT_DROPPED + 4, /* ok, error */
    SLOT_FAULTS = SLOT_COMMANDS + 2,
    METRIC_SLOTS
};

struct metric_row {
    const char *name;
    const char *type; /* counter, gauge, histogram */
    const char *help;
    enum metric_slot slot;     /* of the first series */
    size_t series;             /* how many */
    const char *const *labels; /* of each, as they stand between braces; NULL: none */
};

extern const struct metric_row metric_rows[];
extern const size_t metric_row_count;

/* Upper ends of a histogram's buckets, ms; the rest is above. */
#define METRIC_BUCKETS 10
extern const uint32_t metric_bucket_ms[METRIC_BUCKETS];

/* A time's bucket, METRIC_BUCKETS for the rest. */
size_t metric_bucket(uint64_t ms);

/* Why a message was dropped, by the words that the modem says. */
size_t metric_drop_reason(const char *text);

#endif
