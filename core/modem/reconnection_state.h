/* reconnection_state.h: where a modem stands that connects again by itself. */
#ifndef CORE_MODEM_RECONNECTION_STATE_H
#define CORE_MODEM_RECONNECTION_STATE_H

#include "core/session/subscriptions.h"
#include "imqtt/features.h"

enum reconnection_step {
    RECONNECTION_RESTS,      /* there is nothing to be made again */
    RECONNECTION_WAITS,      /* for the next attempt */
    RECONNECTION_TRIES,      /* an attempt is under way */
    RECONNECTION_SUBSCRIBES, /* connected: the subscriptions are being made again */
};

struct reconnection {
    enum reconnection_step step;
    uint32_t back_off_s;
    uint64_t due_ms;             /* of the next attempt; UINT64_MAX: it waits for service */
    uint16_t packet_id;          /* of the SUBSCRIBE that is unanswered; 0: none */
    size_t asked_bytes;          /* of the list are in it */
    struct subscriptions wanted; /* those that are still to be made */
};

#endif
