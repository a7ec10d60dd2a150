/* data.h: the raw bytes that follow a data prompt (M2.13).
 *
 * They go straight into the request that was reserved before the prompt, so a full outbox can
 * never hold the command up between the prompt and its result.
 */
#ifndef CORE_MODEM_DATA_H
#define CORE_MODEM_DATA_H

#include "core/mqtt/client.h"
#include "imqtt/status.h"

struct data_entry {
    bool open;
    uint16_t missing;     /* bytes still to come */
    struct out payload;   /* in the reserved request */
    uint64_t last_ms;     /* when all of them must have come */
    uint64_t deadline_ms; /* when the host has been silent for too long, or last_ms */
};

/* From now on host bytes are data. missing > 0. */
void data_begin(struct data_entry *data, struct out payload, uint16_t missing, uint64_t now_ms);

/* Takes the data bytes out of *in. PENDING: more are to come; else how the command ends. */
enum imqtt_status data_take(struct data_entry *data, struct mqtt_client *mqtt, struct span *in,
                            uint64_t now_ms);

/* Gives up if the host has been silent for too long, or takes too long for all (one that was reset
 * types something again and again, but not these bytes): NETWORK_TIMEOUT; else PENDING. */
enum imqtt_status data_tick(struct data_entry *data, struct mqtt_client *mqtt, uint64_t now_ms);

#endif
