#include "host/net/resolver.h"

#include <ares.h>
#include <limits.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "host/loop/alarm.h"
#include "host/loop/stream.h"

/* A question is asked again after so long, of the next name server if there is one; the whole lookup
 * ends with the connection's ten seconds. */
#define ASK_AGAIN_MS 2000
#define TRIES        3

#define EVENTS 8

/* A channel of c-ares of its own, because c-ares can cancel only all that a channel asks. Its
 * sockets are in an epoll set, which the loop watches as one descriptor: c-ares closes them by
 * itself, in the middle of its calls. */
struct resolver {
    struct loop *loop;
    struct stream *sockets; /* the epoll set */
    struct alarm *alarm;
    struct task answer_task; /* the answer may be there at once: /etc/hosts */
    ares_channel channel;
    resolver_answer answer;
    void *owner;
    bool is_over;
    int status; /* c-ares' */
    struct addresses addresses;
    uint64_t good_ms;
};

/* ---- the answer ----------------------------------------------------------------------------- */

static int code_of(int status)
{
    switch (status) {
    case ARES_ENODATA:
        return EAI_NODATA;
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
        return EAI_NONAME;
    case ARES_ENOMEM:
        return EAI_MEMORY;
    default: /* the server failed, refused, said nonsense, or said nothing */
        return EAI_AGAIN;
    }
}

static void take_node(struct resolver *resolver, const struct ares_addrinfo_node *node)
{
    struct addresses *addresses = &resolver->addresses;
    uint64_t good_ms = node->ai_ttl > 0 ? (uint64_t)node->ai_ttl * 1000 : 0;
    if (addresses->count == ADDRESSES_MAX ||
        (size_t)node->ai_addrlen > sizeof addresses->each[0].socket)
        return;
    struct address *address = &addresses->each[addresses->count++];
    memcpy(&address->socket, node->ai_addr, node->ai_addrlen);
    address->bytes = node->ai_addrlen;
    if (good_ms < resolver->good_ms)
        resolver->good_ms = good_ms;
}

/* From within c-ares: it is only noted. */
static void on_result(void *context, int status, int timeouts, struct ares_addrinfo *result)
{
    struct resolver *resolver = context;
    (void)timeouts;
    resolver->status = status;
    resolver->is_over = true;
    resolver->good_ms = UINT64_MAX;
    if (status != ARES_SUCCESS)
        return;
    for (const struct ares_addrinfo_node *node = result->nodes; node != NULL; node = node->ai_next)
        take_node(resolver, node);
    if (resolver->addresses.count == 0)
        resolver->status = ARES_ENODATA;
    ares_freeaddrinfo(result);
}

static void tell(struct task *task)
{
    struct resolver *resolver =
        (struct resolver *)((char *)task - offsetof(struct resolver, answer_task));
    bool is_found = resolver->status == ARES_SUCCESS;
    resolver->answer(resolver->owner, is_found ? &resolver->addresses : NULL, resolver->good_ms,
                     is_found ? 0 : code_of(resolver->status));
}

/* ---- the loop ------------------------------------------------------------------------------- */

static void set_alarm(struct resolver *resolver)
{
    struct timeval wait;
    if (ares_timeout(resolver->channel, NULL, &wait) != NULL)
        alarm_set(resolver->alarm,
                  (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000 + 1);
}

/* After each call of c-ares. */
static void go_on(struct resolver *resolver)
{
    if (!resolver->is_over) {
        set_alarm(resolver);
        return;
    }
    alarm_stop(resolver->alarm);
    stream_watch(resolver->sockets, false, false);
    loop_soon(resolver->loop, &resolver->answer_task);
}

static void on_alarm(void *owner)
{
    struct resolver *resolver = owner;
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    go_on(resolver);
}

static void on_ready(void *owner, bool input, bool room)
{
    struct resolver *resolver = owner;
    struct epoll_event events[EVENTS];
    int count = epoll_wait(stream_fd(resolver->sockets), events, EVENTS, 0);
    (void)input;
    (void)room;
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        bool can_write = (events[i].events & EPOLLOUT) != 0;
        bool can_read = (events[i].events & ~(uint32_t)EPOLLOUT) != 0; /* an error is read */
        ares_process_fd(resolver->channel, can_read ? fd : ARES_SOCKET_BAD,
                        can_write ? fd : ARES_SOCKET_BAD);
    }
    go_on(resolver);
}

/* Neither: c-ares is about to close it. */
static void on_socket(void *context, ares_socket_t fd, int readable, int writable)
{
    struct resolver *resolver = context;
    uint32_t wanted = (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U);
    struct epoll_event event = {.events = wanted, .data.fd = fd};
    int set = stream_fd(resolver->sockets);
    if (wanted == 0)
        epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL);
    else if (epoll_ctl(set, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

/* ---- life ----------------------------------------------------------------------------------- */

static bool open_sockets(struct resolver *resolver)
{
    int set = epoll_create1(EPOLL_CLOEXEC);
    if (set >= 0)
        resolver->sockets = stream_open(resolver->loop, set, on_ready, resolver);
    return resolver->sockets != NULL;
}

static bool open_channel(struct resolver *resolver)
{
    struct ares_options options = {.timeout = ASK_AGAIN_MS,
                                   .tries = TRIES,
                                   .sock_state_cb = on_socket,
                                   .sock_state_cb_data = resolver};
    int wanted = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    return ares_init_options(&resolver->channel, &options, wanted) == ARES_SUCCESS;
}

struct resolver *resolver_begin(struct loop *loop, const char *host, resolver_answer answer,
                                void *owner)
{
    const struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver == NULL)
        return NULL;
    resolver->loop = loop;
    resolver->answer = answer;
    resolver->owner = owner;
    resolver->answer_task.run = tell;
    resolver->alarm = alarm_new(loop, on_alarm, resolver);
    if (resolver->alarm == NULL || !open_sockets(resolver) || !open_channel(resolver)) {
        resolver_end(resolver);
        return NULL;
    }
    stream_watch(resolver->sockets, true, false);
    ares_getaddrinfo(resolver->channel, host, NULL, &hints, on_result, resolver);
    go_on(resolver);
    return resolver;
}

void resolver_end(struct resolver *resolver)
{
    if (resolver == NULL)
        return;
    loop_forget(&resolver->answer_task);
    if (resolver->channel != NULL)
        ares_destroy(resolver->channel);
    stream_close(resolver->sockets);
    alarm_end(resolver->alarm);
    free(resolver);
}
