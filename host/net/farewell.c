#include "host/net/farewell.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "host/loop/alarm.h"

#define PATIENCE_MS 1000

struct leaver {
    struct loop *loop;
    struct stream *stream;
    struct alarm *patience;
};

static void leave(void *owner)
{
    struct leaver *leaver = owner;
    stream_close(leaver->stream);
    alarm_end(leaver->patience);
    loop_release(leaver->loop);
    free(leaver);
}

static void drop(void *owner, bool input, bool room)
{
    struct leaver *leaver = owner;
    (void)input;
    (void)room;
    ssize_t got = stream_read(leaver->stream, leaver->loop->input, LOOP_INPUT_BYTES);
    if (got <= 0 && got != -EAGAIN)
        leave(leaver);
}

void farewell(struct loop *loop, struct stream *stream)
{
    struct leaver *leaver = calloc(1, sizeof *leaver);
    struct alarm *patience = leaver ? alarm_new(loop, leave, leaver) : NULL;
    if (patience == NULL || shutdown(stream_fd(stream), SHUT_WR) != 0) {
        alarm_end(patience);
        free(leaver);
        stream_close(stream);
        return;
    }
    *leaver = (struct leaver){.loop = loop, .stream = stream, .patience = patience};
    loop_hold(loop);
    stream_hand_over(stream, drop, leaver);
    stream_watch(stream, true, false);
    alarm_set(patience, PATIENCE_MS);
}
