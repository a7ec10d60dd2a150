#include "host/net/network.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/dial.h"
#include "host/net/farewell.h"

struct call {
    struct endpoint peer; /* as asked for: the certificate's name */
    struct endpoint via;  /* where to go */
    bool tls;
};

/* ---- the end -------------------------------------------------------------------------------- */

/* Lets go of everything but the stream, which is returned. */
static struct stream *let_go(struct network *network)
{
    struct stream *stream = network->stream;
    names_forget(&network->waiter);
    dial_cancel(network->dial);
    tls_close(network->tls);
    free(network->call);
    network->dial = NULL;
    network->tls = NULL;
    network->call = NULL;
    network->stream = NULL;
    network->state = NETWORK_IDLE;
    return stream;
}

static void end(struct network *network, const struct imqtt_failure *failure)
{
    stream_close(let_go(network));
    network->owner->ended(network->owner_context, failure);
}

static void fail(struct network *network, enum imqtt_stage stage, int32_t code, const char *text)
{
    struct imqtt_failure failure = {stage, code, text};
    end(network, &failure);
}

void network_close(struct network *network)
{
    bool was_open = network->state == NETWORK_OPEN;
    struct stream *stream = let_go(network);
    if (was_open)
        farewell(network->shared->loop, stream);
    else
        stream_close(stream);
}

void network_cut(struct network *network)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (network->stream != NULL)
        setsockopt(stream_fd(network->stream), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    struct stream *stream = let_go(network);
    stream_close(stream);
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
    size_t count; /* bytes in the shared buffer */
    bool ended;   /* nothing comes behind them */
    struct imqtt_failure failure;
};

static struct reading read_tcp(struct network *network)
{
    ssize_t got = stream_read(network->stream, network->shared->loop->input, LOOP_INPUT_BYTES);
    struct reading reading = {.count = got > 0 ? (size_t)got : 0};
    if (got > 0 || got == -EAGAIN)
        return reading;
    const char *text = got == 0 ? "connection closed by the broker" : strerror((int)-got);
    reading.ended = true;
    reading.failure = (struct imqtt_failure){IMQTT_STAGE_PEER, (int32_t)-got, text};
    return reading;
}

/* A broker that gathers its output holds CONNACK back until its session tickets, which come just
 * before, are acknowledged: a delayed acknowledgement would cost 40 ms. */
static void acknowledge_now(struct network *network)
{
    int on = 1;
    setsockopt(stream_fd(network->stream), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static struct reading read_tls(struct network *network)
{
    uint8_t *input = network->shared->loop->input;
    struct reading reading = {.count = 0};
    enum tls_outcome outcome;
    size_t got;
    do {
        outcome =
            tls_read(network->tls, input + reading.count, LOOP_INPUT_BYTES - reading.count, &got);
        reading.count += got;
    } while (outcome == TLS_DONE && reading.count < LOOP_INPUT_BYTES &&
             tls_has_unread(network->tls));
    network->has_heard |= reading.count > 0;
    if (!network->has_heard)
        acknowledge_now(network);
    reading.ended = outcome == TLS_CLOSED || outcome == TLS_FAILED;
    if (reading.ended)
        reading.failure = tls_failure(network->tls);
    return reading;
}

/* What is received may make the owner close this connection, and even call anew. */
static bool read_in(struct network *network)
{
    unsigned this_call = network->calls;
    struct reading reading = network->tls != NULL ? read_tls(network) : read_tcp(network);
    if (reading.count > 0)
        network->owner->received(network->owner_context, network->shared->loop->input,
                                 reading.count);
    if (reading.ended && network->calls == this_call && network->state == NETWORK_OPEN)
        end(network, &reading.failure);
    return reading.count > 0 || reading.ended;
}

bool network_read_on(struct network *network)
{
    bool unread =
        network->state == NETWORK_OPEN && network->tls != NULL && tls_has_unread(network->tls);
    return unread && read_in(network);
}

/* ---- becoming open -------------------------------------------------------------------------- */

static void opened(struct network *network)
{
    free(network->call);
    network->call = NULL;
    network->state = NETWORK_OPEN;
    network->has_heard = false;
    network->write_error = 0;
    network->owner->opened(network->owner_context);
}

static void greet(struct network *network)
{
    enum tls_outcome outcome = tls_handshake(network->tls);
    if (outcome == TLS_DONE) {
        opened(network);
    } else if (outcome == TLS_WAITS) {
        stream_watch(network->stream, tls_waits_for_input(network->tls),
                     tls_waits_for_room(network->tls));
    } else {
        struct imqtt_failure failure = tls_failure(network->tls);
        end(network, &failure);
    }
}

static void on_ready(void *owner, bool input, bool room)
{
    struct network *network = owner;
    if (network->state == NETWORK_GREETING) {
        greet(network);
        return;
    }
    if (room)
        network->owner->room(network->owner_context);
    if (input)
        read_in(network);
}

static void begin_greeting(struct network *network)
{
    struct imqtt_failure failure;
    network->state = NETWORK_GREETING;
    network->tls =
        tls_begin(network->route.tls, stream_fd(network->stream), &network->call->peer, &failure);
    if (network->tls != NULL)
        greet(network);
    else
        end(network, &failure);
}

static void dialed(void *owner, struct stream *stream, int error)
{
    struct network *network = owner;
    int on = 1;
    network->dial = NULL;
    if (stream == NULL) {
        fail(network, IMQTT_STAGE_TCP, error, strerror(error));
        return;
    }
    network->stream = stream;
    stream_hand_over(stream, on_ready, network);
    setsockopt(stream_fd(stream), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (network->call->tls)
        begin_greeting(network);
    else
        opened(network);
}

static void dial(struct network *network, const struct addrinfo *addresses)
{
    network->state = NETWORK_DIALING;
    network->dial =
        dial_begin(network->shared->loop, addresses, network->call->via.port, dialed, network);
    if (network->dial == NULL)
        fail(network, IMQTT_STAGE_TCP, ENOMEM, strerror(ENOMEM));
}

static void found(struct waiter *waiter, const struct addrinfo *addresses, int code, int error)
{
    struct network *network = (struct network *)waiter;
    if (addresses != NULL)
        dial(network, addresses);
    else
        fail(network, IMQTT_STAGE_DNS, code,
             code == EAI_SYSTEM ? strerror(error) : gai_strerror(code));
}

/* An address needs no thread to be looked up. */
static void look_up(struct network *network)
{
    const char *host = network->call->via.host;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *address;
    if (getaddrinfo(host, NULL, &hints, &address) == 0) {
        dial(network, address);
        freeaddrinfo(address);
        return;
    }
    network->state = NETWORK_LOOKING_UP;
    if (names_find(&network->shared->names, host, &network->waiter) != 0)
        fail(network, IMQTT_STAGE_DNS, EAI_MEMORY, gai_strerror(EAI_MEMORY));
}

/* ---- the verbs ------------------------------------------------------------------------------ */

void network_open(struct network *network, const char *host, uint16_t port, bool tls)
{
    size_t bytes = strlen(host) + 1;
    network->calls++;
    if (bytes > ENDPOINT_HOST_BYTES) {
        fail(network, IMQTT_STAGE_DNS, EAI_NONAME, gai_strerror(EAI_NONAME));
        return;
    }
    network->call = calloc(1, sizeof *network->call);
    if (network->call == NULL) {
        fail(network, IMQTT_STAGE_TCP, ENOMEM, strerror(ENOMEM));
        return;
    }
    memcpy(network->call->peer.host, host, bytes);
    network->call->peer.port = port;
    network->call->via = network->call->peer;
    network->call->tls = tls;
    if (network->route.redirects != NULL)
        redirects_apply(network->route.redirects, &network->call->via);
    look_up(network);
}

static ssize_t write_tls(struct network *network, const uint8_t *bytes, size_t count)
{
    enum tls_outcome outcome = TLS_DONE;
    size_t taken = 0;
    while (taken < count && outcome == TLS_DONE) {
        size_t got;
        outcome = tls_write(network->tls, bytes + taken, count - taken, &got);
        taken += got;
    }
    bool failed = outcome == TLS_FAILED || outcome == TLS_CLOSED;
    return taken == 0 && failed ? -EPIPE : (ssize_t)taken;
}

size_t network_write(struct network *network, const uint8_t *bytes, size_t count)
{
    if (network->state != NETWORK_OPEN || network->write_error != 0)
        return 0;
    ssize_t taken = network->tls != NULL ? write_tls(network, bytes, count)
                                         : stream_write(network->stream, bytes, count);
    if (taken < 0)
        network->write_error = (int)-taken;
    return taken > 0 ? (size_t)taken : 0;
}

void network_init(struct network *network, struct network_shared *shared,
                  const struct network_route *route, const struct network_owner *owner,
                  void *owner_context)
{
    *network = (struct network){
        .shared = shared, .route = *route, .owner = owner, .owner_context = owner_context};
    network->waiter.found = found;
}

void network_watch(struct network *network, bool input, bool room)
{
    if (network->state == NETWORK_OPEN)
        stream_watch(network->stream, input, room && network->write_error == 0);
}

bool network_is_idle(const struct network *network)
{
    return network->state == NETWORK_IDLE;
}

int network_write_error(const struct network *network)
{
    return network->state == NETWORK_OPEN ? network->write_error : 0;
}
