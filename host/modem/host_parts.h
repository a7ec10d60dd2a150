/* host_parts.h: what the modems and terminals of one program share. */
#ifndef HOST_MODEM_HOST_PARTS_H
#define HOST_MODEM_HOST_PARTS_H

#include "host/loop/alarm.h"
#include "host/modem/memory.h"
#include "host/net/network.h"
#include "host/net/tls.h"
#include "host/observer.h"
#include "host/refusal.h"
#include "host/store/store.h"

struct host {
    struct loop loop;
    const struct observer *observer;
    struct memory memory;
    struct network_shared network;
    bool allow_remote;   /* terminals may listen where other computers reach them */
    struct store *store; /* NULL: nothing is kept over restarts */
    struct host_modem *modems;
    size_t modem_count;
    uint32_t max_files; /* half of these descriptors are for hosts that connect; 0: no limit */
    struct listener *listeners;
    struct pty_watch *pty_watch;
    struct alarm *patience; /* set while stopping */
    bool is_stopping;
    bool has_lost_output; /* standard output took no more: what was answered is not all told */
};

#endif
