#include "host/net/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"

#define ATTEMPTS_MAX  8
#define NEXT_AFTER_MS 250 /* RFC 8305 section 5 */

struct attempt {
    struct dial *dial;
    struct stream *stream; /* NULL: not begun, or failed */
    struct address address;
};

struct dial {
    struct loop *loop;
    struct alarm *next_alarm;
    dial_answer answer;
    void *owner;
    struct dial_failure failure;
    struct address source; /* 0 bytes: any */
    size_t count;
    size_t begun;
    struct attempt attempts[ATTEMPTS_MAX];
};

static void add_address(struct dial *dial, const struct address *address, uint16_t port)
{
    struct attempt *attempt = &dial->attempts[dial->count++];
    attempt->dial = dial;
    attempt->address = *address;
    address_set_port(&attempt->address, port);
}

/* The place of the next address of a family; count: there is none. */
static size_t next_of(const struct addresses *addresses, size_t from, int family)
{
    while (from < addresses->count && address_family(&addresses->each[from]) != family)
        from++;
    return from;
}

/* The family that came first begins, then they take turns while both have addresses left. */
static void add_addresses(struct dial *dial, const struct addresses *addresses, uint16_t port)
{
    int first = address_family(&addresses->each[0]);
    int family[2] = {first, first == AF_INET6 ? AF_INET : AF_INET6};
    size_t left[2] = {0, next_of(addresses, 0, family[1])};
    size_t end = addresses->count;
    for (int turn = 0; dial->count < ATTEMPTS_MAX && (left[0] < end || left[1] < end);
         turn = 1 - turn) {
        if (left[turn] == end)
            continue;
        add_address(dial, &addresses->each[left[turn]], port);
        left[turn] = next_of(addresses, left[turn] + 1, family[turn]);
    }
}

void dial_cancel(struct dial *dial)
{
    if (dial == NULL)
        return;
    for (size_t i = 0; i < dial->count; i++)
        stream_close(dial->attempts[i].stream);
    alarm_end(dial->next_alarm);
    free(dial);
}

static void end(struct dial *dial, struct stream *stream)
{
    dial_answer answer = dial->answer;
    void *owner = dial->owner;
    struct dial_failure failure = dial->failure;
    dial_cancel(dial);
    answer(owner, stream, stream == NULL ? &failure : NULL);
}

static bool any_is_under_way(const struct dial *dial)
{
    for (size_t i = 0; i < dial->count; i++) {
        if (dial->attempts[i].stream != NULL)
            return true;
    }
    return false;
}

static void fail(struct attempt *attempt, int error, bool at_source)
{
    attempt->dial->failure = (struct dial_failure){error, at_source};
    stream_close(attempt->stream);
    attempt->stream = NULL;
}

static void begin_next(void *owner);

static void on_ready(void *owner, bool input, bool room)
{
    struct attempt *attempt = owner;
    struct stream *stream = attempt->stream;
    int error = 0;
    socklen_t bytes = sizeof error;
    (void)input;
    (void)room;
    if (getsockopt(stream_fd(stream), SOL_SOCKET, SO_ERROR, &error, &bytes) != 0)
        error = errno;
    if (error == 0) {
        attempt->stream = NULL;
        end(attempt->dial, stream);
        return;
    }
    fail(attempt, error, false);
    begin_next(attempt->dial);
}

static int socket_of(struct attempt *attempt)
{
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(address_family(&attempt->address), type, 0);
    if (fd >= 0)
        attempt->stream = stream_open(attempt->dial->loop, fd, on_ready, attempt);
    return attempt->stream != NULL ? fd : -1;
}

/* The port is chosen at connect(): one port of ours can then serve for several brokers. */
static bool bind_source(const struct attempt *attempt, int fd)
{
    const struct address *source = &attempt->dial->source;
    int on = 1;
    if (source->bytes == 0)
        return true;
    if (address_family(source) != address_family(&attempt->address)) {
        errno = EAFNOSUPPORT;
        return false;
    }
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    return bind(fd, &source->socket.any, source->bytes) == 0;
}

static bool begin(struct attempt *attempt)
{
    int fd = socket_of(attempt);
    if (fd >= 0 && !bind_source(attempt, fd)) {
        fail(attempt, errno, true);
        return false;
    }
    if (fd < 0 || (connect(fd, &attempt->address.socket.any, attempt->address.bytes) != 0 &&
                   errno != EINPROGRESS)) {
        fail(attempt, errno, false);
        return false;
    }
    stream_watch(attempt->stream, false, true);
    return true;
}

static void begin_next(void *owner)
{
    struct dial *dial = owner;
    while (dial->begun < dial->count) {
        if (begin(&dial->attempts[dial->begun++])) {
            alarm_set(dial->next_alarm, NEXT_AFTER_MS);
            return;
        }
    }
    if (!any_is_under_way(dial))
        end(dial, NULL);
}

struct dial *dial_begin(struct loop *loop, const struct dial_target *target, dial_answer answer,
                        void *owner)
{
    struct dial *dial = calloc(1, sizeof *dial);
    if (dial == NULL)
        return NULL;
    dial->loop = loop;
    dial->answer = answer;
    dial->owner = owner;
    if (target->source != NULL)
        dial->source = *target->source;
    dial->next_alarm = alarm_new(loop, begin_next, dial);
    if (dial->next_alarm == NULL) {
        free(dial);
        return NULL;
    }
    add_addresses(dial, target->addresses, target->port);
    alarm_set(dial->next_alarm, 0); /* so that the answer is never inside this call */
    return dial;
}
