/* data.h: the raw bytes that follow AT+IMQTTPUBEX's prompt (M2.13).
 *
 * They go straight into the request that was reserved before the prompt, so a full outbox can
 * never hold the command up between `>` and OK.
 */
#ifndef CORE_MODEM_DATA_H
#define CORE_MODEM_DATA_H

#include "core/bytes/out.h"

struct imqtt_modem;

struct data_entry {
    bool open;
    uint16_t missing;     /* bytes still to come */
    struct out payload;   /* in the reserved request */
    uint64_t last_ms;     /* when all of them must have come */
    uint64_t deadline_ms; /* when the host has been silent for too long, or last_ms */
};

/* Prompts, and from now on host bytes are data. missing > 0. */
void data_begin(struct imqtt_modem *modem, struct out payload, uint16_t missing);

/* Takes the data bytes out of *in; ends the command with the last one. */
void data_take(struct imqtt_modem *modem, struct span *in);

/* Gives up if the host has been silent for too long, or takes too long for all: one that was reset
 * types something again and again, but not these bytes. */
void data_tick(struct imqtt_modem *modem);

#endif
