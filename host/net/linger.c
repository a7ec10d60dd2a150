#include "host/net/linger.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "host/loop/alarm.h"

struct lingerer {
    struct linger_room *room;
    struct lingerer *older;
    struct lingerer *newer;
    struct loop *loop;
    struct stream *stream;
    struct alarm *alarm;
};

static void enter(struct linger_room *room, struct lingerer *lingerer)
{
    lingerer->older = room->newest;
    if (room->newest != NULL)
        room->newest->newer = lingerer;
    else
        room->oldest = lingerer;
    room->newest = lingerer;
    room->count++;
}

static void leave(struct linger_room *room, struct lingerer *lingerer)
{
    if (lingerer->older != NULL)
        lingerer->older->newer = lingerer->newer;
    else
        room->oldest = lingerer->newer;
    if (lingerer->newer != NULL)
        lingerer->newer->older = lingerer->older;
    else
        room->newest = lingerer->older;
    room->count--;
}

static void end(void *owner)
{
    struct lingerer *lingerer = owner;
    leave(lingerer->room, lingerer);
    stream_close(lingerer->stream);
    alarm_end(lingerer->alarm);
    loop_release(lingerer->loop);
    free(lingerer);
}

static void drop(void *owner, bool input, bool room)
{
    struct lingerer *lingerer = owner;
    (void)input;
    (void)room;
    ssize_t got = stream_read(lingerer->stream, lingerer->loop->input, LOOP_INPUT_BYTES);
    if (got <= 0 && got != -EAGAIN)
        end(lingerer);
}

void linger(struct linger_room *room, struct loop *loop, struct stream *stream)
{
    struct lingerer *lingerer = calloc(1, sizeof *lingerer);
    struct alarm *alarm = lingerer ? alarm_new(loop, end, lingerer) : NULL;
    if (alarm == NULL || shutdown(stream_fd(stream), SHUT_WR) != 0) {
        alarm_end(alarm);
        free(lingerer);
        stream_close(stream);
        return;
    }
    if (room->count >= LINGER_MAX)
        end(room->oldest);
    *lingerer = (struct lingerer){.room = room, .loop = loop, .stream = stream, .alarm = alarm};
    enter(room, lingerer);
    loop_hold(loop);
    stream_hand_over(stream, drop, lingerer);
    stream_watch(stream, true, false);
    alarm_set(alarm, LINGER_MS);
}

void linger_reset(struct stream *stream)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(stream_fd(stream), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    stream_close(stream);
}
