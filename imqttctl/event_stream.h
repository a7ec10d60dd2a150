/* event_stream.h: server-sent events of /v1/events, and the lines of a recording, out of pieces. */
#ifndef IMQTTCTL_EVENT_STREAM_H
#define IMQTTCTL_EVENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#define EVENT_LINE_BYTES (1u << 20)

struct event_stream {
    /* A line without its end; it ends with 0. false: enough. */
    bool (*take_line)(void *context, char *line, size_t bytes);
    void *context;
    char *line;
    size_t bytes, room;
};

/* A daemon_receiver. A line that is longer than EVENT_LINE_BYTES ends it. */
bool event_stream_take(void *stream, const char *bytes, size_t count);
void event_stream_end(struct event_stream *stream);

/* What stands behind "data: "; NULL: it is another line. */
char *event_stream_data(char *line);

#endif
