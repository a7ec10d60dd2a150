#include "host/loop/stream.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream {
    union {
        uv_handle_t any;
        uv_poll_t poll;
        uv_idle_t idle; /* instead of poll, for what epoll refuses: regular files */
    } handle;
    stream_ready ready;
    void *owner;
    struct read_turns *turns; /* NULL: it reads as it likes */
    struct reader reader;     /* in turns */
    int fd;
    bool is_file;
    bool is_parked;  /* not polled for input: it waits for its turn */
    bool has_filled; /* what was read last was all that was asked for: there may be more */
    bool is_closed;
    bool notices_end;
    bool has_said_end;
    bool input; /* watched for */
    bool room;
    bool is_full; /* took less than it was offered, and has not had room since */
};

static void on_poll(uv_poll_t *poll, int status, int events);
static void watch_descriptor(struct stream *stream);

/* As libuv will ask for it. volatile: or the compiler takes the block for found, and useless. */
static bool is_memory_for_table(int fd)
{
    size_t count = 2 * ((size_t)fd + 3);
    void *volatile block = malloc(count * sizeof(void *));
    free(block);
    return block != NULL;
}

/* libuv doubles its table of descriptors when one beyond its end is first watched for, and aborts
 * the program if it finds no memory. So it is made to do that here, where memory has been seen. */
static int start(struct loop *loop, struct stream *stream)
{
    uv_poll_t *poll = &stream->handle.poll;
    bool is_beyond = (unsigned)stream->fd >= loop->uv.nwatchers;
    if (is_beyond && !is_memory_for_table(stream->fd))
        return UV_ENOMEM;
    int error = uv_poll_init(&loop->uv, poll, stream->fd);
    if (error == 0 && is_beyond) {
        uv_poll_start(poll, UV_READABLE, on_poll);
        uv_poll_stop(poll);
    }
    stream->is_file = error == UV_EPERM;
    return stream->is_file ? uv_idle_init(&loop->uv, &stream->handle.idle) : error;
}

struct stream *stream_open(struct loop *loop, int fd, stream_ready ready, void *owner)
{
    struct stream *stream = calloc(1, sizeof *stream);
    int error = UV_ENOMEM;
    if (stream != NULL) {
        stream->fd = fd;
        error = start(loop, stream);
    }
    if (error != 0) {
        free(stream);
        close(fd);
        errno = -error;
        return NULL;
    }
    stream->handle.any.data = stream;
    stream->ready = ready;
    stream->owner = owner;
    return stream;
}

void stream_hand_over(struct stream *stream, stream_ready ready, void *owner)
{
    stream_watch(stream, false, false);
    stream->ready = ready;
    stream->owner = owner;
}

/* ---- turns ---------------------------------------------------------------------------------- */

static void park(struct stream *stream, bool is_parked)
{
    if (stream->is_parked == is_parked)
        return;
    stream->is_parked = is_parked;
    watch_descriptor(stream);
}

/* What has left something is asked again without being polled. */
static void on_turn(struct reader *reader)
{
    struct stream *stream = (struct stream *)((char *)reader - offsetof(struct stream, reader));
    stream->has_filled = false;
    stream->ready(stream->owner, true, false);
    if (stream->is_closed)
        return;
    if (stream->has_filled && stream->input)
        read_turns_again(stream->turns, reader);
    else
        park(stream, false);
}

static bool may_read(struct stream *stream)
{
    bool waits_already = stream->reader.next != NULL;
    if (stream->turns == NULL || read_turns_ask(stream->turns, &stream->reader))
        return true;
    if (waits_already)
        park(stream, true);
    return false;
}

void stream_read_in_turns(struct stream *stream, struct read_turns *turns)
{
    stream->turns = turns;
    stream->reader.read = on_turn;
}

size_t stream_share(const struct stream *stream)
{
    return stream->turns != NULL ? read_turns_share(stream->turns) : LOOP_INPUT_BYTES;
}

static void wait_no_longer(struct stream *stream)
{
    if (stream->turns != NULL)
        read_turns_leave(stream->turns, &stream->reader);
    stream->is_parked = false;
}

/* ---- events --------------------------------------------------------------------------------- */

/* On an error condition libuv stops the handle; but there may still be something to read before the
 * error, which the owner then finds by itself. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct stream *stream = poll->data;
    bool any = status < 0;
    if (any)
        watch_descriptor(stream);
    if (any || (events & UV_WRITABLE))
        stream->is_full = false;
    if (events & UV_DISCONNECT) {
        stream->has_said_end = true;
        watch_descriptor(stream);
    }
    bool input = stream->input && (any || (events & UV_READABLE));
    bool room = stream->room && (any || (events & UV_WRITABLE));
    bool is_for_later = input && !any && !may_read(stream);
    if (room || !is_for_later)
        stream->ready(stream->owner, input && !is_for_later, room);
}

static void on_idle(uv_idle_t *idle)
{
    struct stream *stream = idle->data;
    stream->ready(stream->owner, stream->input, stream->room);
}

static void watch_file(struct stream *stream)
{
    if (stream->input || stream->room)
        uv_idle_start(&stream->handle.idle, on_idle);
    else
        uv_idle_stop(&stream->handle.idle);
}

static void watch_descriptor(struct stream *stream)
{
    bool end = stream->notices_end && !stream->input && !stream->has_said_end;
    int events = (stream->input && !stream->is_parked ? UV_READABLE : 0) |
                 (stream->room ? UV_WRITABLE : 0) | (end ? UV_DISCONNECT : 0);
    if (events != 0)
        uv_poll_start(&stream->handle.poll, events, on_poll);
    else
        uv_poll_stop(&stream->handle.poll);
}

void stream_watch(struct stream *stream, bool input, bool room)
{
    if (input == stream->input && room == stream->room)
        return;
    if (input != stream->input)
        wait_no_longer(stream);
    stream->input = input;
    stream->room = room;
    stream->has_said_end = false;
    if (stream->is_file)
        watch_file(stream);
    else
        watch_descriptor(stream);
}

void stream_notice_end(struct stream *stream)
{
    stream->notices_end = true;
    watch_descriptor(stream);
}

bool stream_has_ended(const struct stream *stream)
{
    uint8_t byte;
    ssize_t got = recv(stream->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

ssize_t stream_read(struct stream *stream, void *bytes, size_t count)
{
    ssize_t got;
    do
        got = read(stream->fd, bytes, count);
    while (got < 0 && errno == EINTR);
    stream->has_filled = got == (ssize_t)count;
    if (got > 0 && stream->turns != NULL)
        read_turns_took(stream->turns, &stream->reader, (size_t)got);
    return got < 0 ? -errno : got;
}

/* Asking again what is known to be full would cost a system call each time that nothing comes of.
 */
ssize_t stream_write(struct stream *stream, const void *bytes, size_t count)
{
    ssize_t taken;
    if (stream->is_full)
        return 0;
    do
        taken = write(stream->fd, bytes, count);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && errno != EAGAIN)
        return -errno;
    stream->is_full = !stream->is_file && taken < (ssize_t)count;
    return taken > 0 ? taken : 0;
}

int stream_fd(const struct stream *stream)
{
    return stream->fd;
}

static void forget(uv_handle_t *handle)
{
    free(handle->data);
}

void stream_close(struct stream *stream)
{
    if (stream == NULL)
        return;
    wait_no_longer(stream);
    stream->is_closed = true;
    uv_close(&stream->handle.any, forget);
    close(stream->fd);
}
