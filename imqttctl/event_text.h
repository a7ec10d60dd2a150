/* event_text.h: an event as a line for people. */
#ifndef IMQTTCTL_EVENT_TEXT_H
#define IMQTTCTL_EVENT_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct event_printer {
    FILE *file;
    bool has_colours;
    double began_ms; /* Unix time of t_ms 0; 0: not known yet */
};

/* Where t_ms 0 lies on the clock on the wall: the first event is taken to be of now. */
void event_printer_set_clock(struct event_printer *printer, const json_t *event);

/* "21:03:44.125 meter > AT+IMQTTCONN\x0d". Times are those of the clock on the wall. */
void event_print(struct event_printer *printer, const json_t *event);

#endif
