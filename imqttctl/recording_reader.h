/* recording_reader.h: the events of a recording (JSONL), one at a time. */
#ifndef IMQTTCTL_RECORDING_READER_H
#define IMQTTCTL_RECORDING_READER_H

#include <jansson.h>
#include <stdio.h>

#include "imqttctl/ctl.h"

struct recording_reader {
    const char *name;
    FILE *file;
    char *line;
    size_t room;
    unsigned long number; /* of the line */
    double last_ms;
    json_t *head;
    bool is_wrong; /* it was said */
};

/* Reads the head; false: it was said why not. */
bool recording_open(struct recording_reader *reader, const char *name);

/* The next event, to be given back with json_decref; NULL: the end, or is_wrong. */
json_t *recording_next(struct recording_reader *reader);

/* Says "FILE:LINE: …" and returns CTL_FAILED. */
enum ctl_exit recording_say(struct recording_reader *reader, const char *problem);

void recording_close(struct recording_reader *reader);

#endif
