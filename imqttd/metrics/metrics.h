/* metrics.h: figures of all modems in the text form of Prometheus, from one table. */
#ifndef IMQTTD_METRICS_METRICS_H
#define IMQTTD_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "imqtt/news.h"

struct host;
struct metrics;
struct watch;
struct watches;
struct json_text;

/* is_on false: nothing is counted. */
struct metrics *metrics_new(struct host *host, bool is_on);
void metrics_end(struct metrics *metrics);
bool metrics_is_on(const struct metrics *metrics);

/* False: no memory. */
bool metrics_began(struct metrics *metrics, struct watch *watch);
void metrics_ended(struct metrics *metrics, struct watch *watch);
void metrics_news(struct metrics *metrics, struct watch *watch, const struct imqtt_news *news);

/* ---- a scrape, in portions, so that thousands of modems do not hold the loop ------------------ */

struct scrape;

/* Of metrics that are on. NULL: no memory. Modems may begin and end between portions. */
struct scrape *scrape_begin(struct metrics *metrics, struct watches *watches, bool per_modem);

/* Appends a portion. false: that was the last. */
bool scrape_go_on(struct scrape *scrape, struct json_text *text);

void scrape_end(struct scrape *scrape);

#endif
