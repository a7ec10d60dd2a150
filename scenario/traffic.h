/* traffic.h: what went over a modem's two links, as the daemon told it: lines to be searched, and
 * the last of them to be shown. */
#ifndef SCENARIO_TRAFFIC_H
#define SCENARIO_TRAFFIC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define TRAFFIC_SHOWN 20

enum traffic_side { TRAFFIC_HOST, TRAFFIC_MODEM, TRAFFIC_OTHER };

struct traffic_line {
    enum traffic_side side;
    double t_ms;
    char *text; /* without its line end */
};

struct traffic {
    struct traffic_line *lines;
    size_t count, room;
};

void traffic_free(struct traffic *traffic);

/* An event of the control interface. */
void traffic_add(struct traffic *traffic, const json_t *event);

/* The first line of a side that matches, any case; traffic->count: none. */
size_t traffic_find(const struct traffic *traffic, size_t from, enum traffic_side side,
                    const char *glob);

/* The last line of a side from there on; NULL: none. */
const char *traffic_last(const struct traffic *traffic, size_t from, enum traffic_side side);

/* One of the last lines as text; index 0 is the oldest that is shown. false: there is none. */
bool traffic_show(const struct traffic *traffic, size_t index, char *text, size_t room);

#endif
