#include "imqttctl/event_stream.h"

#include <stdlib.h>
#include <string.h>

static bool add(struct event_stream *stream, const char *bytes, size_t count)
{
    size_t needed = stream->bytes + count + 1;
    if (needed > EVENT_LINE_BYTES)
        return false;
    if (needed > stream->room) {
        size_t room = needed < 4096 ? 4096 : 2 * needed;
        char *line = realloc(stream->line, room);
        if (line == NULL)
            return false;
        stream->line = line;
        stream->room = room;
    }
    memcpy(stream->line + stream->bytes, bytes, count);
    stream->bytes += count;
    stream->line[stream->bytes] = '\0';
    return true;
}

static bool end_line(struct event_stream *stream)
{
    size_t bytes = stream->bytes;
    stream->bytes = 0;
    if (bytes > 0 && stream->line[bytes - 1] == '\r')
        stream->line[--bytes] = '\0';
    return stream->take_line(stream->context, stream->line, bytes);
}

bool event_stream_take(void *context, const char *bytes, size_t count)
{
    struct event_stream *stream = context;
    while (count > 0) {
        const char *end = memchr(bytes, '\n', count);
        size_t taken = end != NULL ? (size_t)(end - bytes) : count;
        if (!add(stream, bytes, taken) || (end != NULL && !end_line(stream)))
            return false;
        taken += end != NULL;
        bytes += taken;
        count -= taken;
    }
    return true;
}

void event_stream_end(struct event_stream *stream)
{
    free(stream->line);
    stream->line = NULL;
}

char *event_stream_data(char *line)
{
    if (strncmp(line, "data:", 5) != 0)
        return NULL;
    line += 5;
    return line + strspn(line, " ");
}
