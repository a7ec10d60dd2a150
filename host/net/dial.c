#include "host/net/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"

#define ADDRESSES     8
#define NEXT_AFTER_MS 250 /* RFC 8305 section 5 */

struct attempt {
    struct dial *dial;
    struct stream *stream; /* NULL: not begun, or failed */
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address;
    socklen_t address_bytes;
};

struct dial {
    struct loop *loop;
    struct alarm *next_alarm;
    dial_answer answer;
    void *owner;
    int error;
    size_t count;
    size_t begun;
    struct attempt attempts[ADDRESSES];
};

static void add_address(struct dial *dial, const struct addrinfo *found, uint16_t port)
{
    struct attempt *attempt = &dial->attempts[dial->count++];
    attempt->dial = dial;
    memcpy(&attempt->address, found->ai_addr, found->ai_addrlen);
    attempt->address_bytes = found->ai_addrlen;
    if (found->ai_family == AF_INET6)
        attempt->address.six.sin6_port = htons(port);
    else
        attempt->address.four.sin_port = htons(port);
}

static const struct addrinfo *next_of(const struct addrinfo *from, int family)
{
    while (from != NULL && from->ai_family != family)
        from = from->ai_next;
    return from;
}

/* The family that came first begins, then they take turns while both have addresses left. */
static void add_addresses(struct dial *dial, const struct addrinfo *addresses, uint16_t port)
{
    int family[2] = {addresses->ai_family, addresses->ai_family == AF_INET6 ? AF_INET : AF_INET6};
    const struct addrinfo *left[2] = {addresses, next_of(addresses, family[1])};
    for (int turn = 0; dial->count < ADDRESSES && (left[0] || left[1]); turn = 1 - turn) {
        if (left[turn] == NULL)
            continue;
        add_address(dial, left[turn], port);
        left[turn] = next_of(left[turn]->ai_next, family[turn]);
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
    int error = stream != NULL ? 0 : dial->error;
    dial_cancel(dial);
    answer(owner, stream, error);
}

static bool any_is_under_way(const struct dial *dial)
{
    for (size_t i = 0; i < dial->count; i++) {
        if (dial->attempts[i].stream != NULL)
            return true;
    }
    return false;
}

static void fail(struct attempt *attempt, int error)
{
    attempt->dial->error = error;
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
    fail(attempt, error);
    begin_next(attempt->dial);
}

static bool begin(struct attempt *attempt)
{
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(attempt->address.any.sa_family, type, 0);
    if (fd >= 0)
        attempt->stream = stream_open(attempt->dial->loop, fd, on_ready, attempt);
    if (attempt->stream == NULL ||
        (connect(fd, &attempt->address.any, attempt->address_bytes) != 0 && errno != EINPROGRESS)) {
        fail(attempt, errno);
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

struct dial *dial_begin(struct loop *loop, const struct addrinfo *addresses, uint16_t port,
                        dial_answer answer, void *owner)
{
    struct dial *dial = calloc(1, sizeof *dial);
    if (dial == NULL)
        return NULL;
    dial->loop = loop;
    dial->answer = answer;
    dial->owner = owner;
    dial->next_alarm = alarm_new(loop, begin_next, dial);
    if (dial->next_alarm == NULL) {
        free(dial);
        return NULL;
    }
    add_addresses(dial, addresses, port);
    alarm_set(dial->next_alarm, 0); /* so that the answer is never inside this call */
    return dial;
}
