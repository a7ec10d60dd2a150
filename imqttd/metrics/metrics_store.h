/* metrics_store.h: where the figures are kept. */
#ifndef IMQTTD_METRICS_METRICS_STORE_H
#define IMQTTD_METRICS_METRICS_STORE_H

#include "host/loop/alarm.h"
#include "imqttd/metrics/metric_table.h"

struct host;
struct watch;

struct metrics_modem {
    uint64_t values[METRIC_SLOTS];
};

struct metrics {
    struct host *host;
    bool is_on;
    struct alarm *alarm; /* measures how late the loop is */
    uint64_t set_us;
    uint64_t delays[METRIC_BUCKETS + 1];
    uint64_t delay_us;
    struct metrics_modem gone; /* what modems that have ended did: sums never go back */
};

/* The figures of now go to their places. */
void metrics_refresh(const struct watch *watch);

#endif
