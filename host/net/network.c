#include "host/net/network.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"
#include "host/net/channel_tcp.h"
#include "host/net/channel_tls.h"
#include "host/net/dial.h"
#include "host/net/tls_brought.h"
#include "imqtt/limits.h"

/* A moment before the core gives up by itself, which cannot know where the time ran out. */
#define OPEN_TIMEOUT_MS (IMQTT_OPEN_TIMEOUT_MS - 100)

_Static_assert(IMQTT_OPEN_TIMEOUT_MS == 10000, "the texts below say so");

struct call {
    struct endpoint peer; /* as asked for: the certificate's name */
    struct endpoint via;  /* where to go */
    struct address source;
    struct alarm *alarm; /* rings when the time is up */
    bool tls;
};

/* ---- the end -------------------------------------------------------------------------------- */

static void end_call(struct network *network)
{
    if (network->call != NULL)
        alarm_end(network->call->alarm);
    free(network->call);
    network->call = NULL;
}

static void let_go(struct network *network, enum channel_ending how)
{
    struct channel *channel = network->channel;
    names_cancel(&network->waiter);
    dial_cancel(network->dial);
    end_call(network);
    network->dial = NULL;
    network->channel = NULL;
    network->state = NETWORK_IDLE;
    channel_close(channel, how);
}

static void end(struct network *network, const struct imqtt_failure *failure)
{
    struct imqtt_failure copy = *failure; /* of the channel, which goes */
    let_go(network, CHANNEL_DROPS);
    network->owner->ended(network->owner_context, &copy);
}

static void fail(struct network *network, enum imqtt_stage stage, int32_t code, const char *text)
{
    struct imqtt_failure failure = {stage, code, text};
    end(network, &failure);
}

void network_close(struct network *network)
{
    let_go(network, network->state == NETWORK_OPEN ? CHANNEL_LINGERS : CHANNEL_DROPS);
}

bool network_break(struct network *network, enum channel_ending how)
{
    bool is_reset = how == CHANNEL_RESETS;
    struct imqtt_failure failure = {IMQTT_STAGE_PEER, is_reset ? ECONNRESET : 0,
                                    is_reset ? strerror(ECONNRESET)
                                             : "connection closed by the broker"};
    if (network->state != NETWORK_OPEN)
        return false;
    let_go(network, how);
    network->owner->ended(network->owner_context, &failure);
    return true;
}

static void run_out_of_time(void *owner)
{
    struct network *network = owner;
    switch (network->state) {
    case NETWORK_LOOKING_UP:
        fail(network, IMQTT_STAGE_DNS, 0, "no name server has answered within 10 s");
        break;
    case NETWORK_DIALING:
        fail(network, IMQTT_STAGE_TCP, 0, "no connection within 10 s");
        break;
    default:
        fail(network, IMQTT_STAGE_TLS, 0, "no end of the TLS handshake within 10 s");
        break;
    }
}

/* ---- reading -------------------------------------------------------------------------------- */

/* What is received may make the owner close this connection, and even call anew. */
static bool read_in(struct network *network)
{
    unsigned this_call = network->calls;
    uint8_t *input = network->shared->loop->input;
    size_t count;
    size_t share = read_turns_share(&network->shared->loop->broker_turns);
    enum channel_outcome outcome = channel_read(network->channel, input, share, &count);
    bool has_ended = outcome == CHANNEL_CLOSED || outcome == CHANNEL_FAILED;
    if (count > 0 && network->config.faults != NULL && !network->is_wrapped)
        mqtt_frames_skip(&network->streams.down, input, count);
    if (count > 0)
        network->owner->received(network->owner_context, input, count);
    if (has_ended && network->calls == this_call && network->state == NETWORK_OPEN)
        end(network, &network->channel->failure);
    return count > 0 || has_ended;
}

bool network_read_on(struct network *network)
{
    return network->state == NETWORK_OPEN && channel_pending(network->channel) && read_in(network);
}

/* ---- faults --------------------------------------------------------------------------------- */

static void on_ready(void *owner, bool input, bool room);

/* Without memory for them there are none: the connection matters more. */
static void let_faults_in(struct network *network)
{
    struct channel *wrapped =
        broker_faults_wrap(network->channel, network->config.faults, &network->streams);
    if (wrapped == NULL)
        return;
    network->channel = wrapped;
    network->is_wrapped = true;
    channel_hand_over(wrapped, on_ready, network);
    channel_watch(wrapped, network->watches_input, network->watches_room);
}

static void on_fault(struct fault_listener *listener, const struct fault *fault,
                     enum fault_event event)
{
    struct network *network =
        (struct network *)((char *)listener - offsetof(struct network, listener));
    if (event == FAULT_ADDED && fault->link == FAULT_ON_BROKER && !network->is_wrapped &&
        network->state == NETWORK_OPEN)
        let_faults_in(network);
}

/* true: the connection has failed. */
static bool is_refused(struct network *network, enum fault_stage stage)
{
    struct imqtt_failure failure;
    if (!broker_faults_refuse(network->config.faults, stage, &failure))
        return false;
    end(network, &failure);
    return true;
}

/* ---- becoming open -------------------------------------------------------------------------- */

static void opened(struct network *network)
{
    end_call(network);
    network->state = NETWORK_OPEN;
    network->write_error = 0;
    network->is_wrapped = network->watches_input = network->watches_room = false;
    network->streams = (struct broker_streams){0};
    if (network->config.faults != NULL && fault_set_has(network->config.faults, FAULT_ON_BROKER))
        let_faults_in(network);
    network->owner->opened(network->owner_context);
}

static void greet(struct network *network)
{
    enum channel_outcome outcome = channel_handshake(network->channel);
    if (outcome == CHANNEL_DONE)
        opened(network);
    else if (outcome != CHANNEL_WAITS)
        end(network, &network->channel->failure);
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
    if (input && network->state == NETWORK_OPEN)
        read_in(network);
}

static struct channel *new_channel(struct network *network, struct stream *stream,
                                   struct imqtt_failure *failure)
{
    struct channel_socket socket = {network->shared->loop, &network->shared->linger_room, stream};
    *failure = (struct imqtt_failure){IMQTT_STAGE_TCP, ENOMEM, strerror(ENOMEM)};
    if (network->call->tls)
        return channel_tls_new(network->tls_context, &socket, &network->call->peer, failure);
    return channel_tcp_new(&socket);
}

/* The address that should be ours is named: it is what has to be changed. */
static void fail_to_dial(struct network *network, const struct dial_failure *failure)
{
    char text[IMQTT_FAILURE_TEXT_BYTES + 1];
    const char *why = strerror(failure->error);
    if (failure->at_source) {
        snprintf(text, sizeof text, "cannot connect from %s: %s", network->config.source_address,
                 why);
        why = text;
    }
    fail(network, IMQTT_STAGE_TCP, failure->error, why);
}

static void dialed(void *owner, struct stream *stream, const struct dial_failure *why)
{
    struct network *network = owner;
    struct imqtt_failure failure;
    int on = 1;
    network->dial = NULL;
    if (stream == NULL) {
        names_forget(&network->shared->names, network->call->via.host);
        fail_to_dial(network, why);
        return;
    }
    setsockopt(stream_fd(stream), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    stream_read_in_turns(stream, &network->shared->loop->broker_turns);
    network->state = NETWORK_GREETING;
    network->channel = new_channel(network, stream, &failure);
    if (network->channel == NULL) {
        end(network, &failure);
        return;
    }
    channel_hand_over(network->channel, on_ready, network);
    if (!network->call->tls || !is_refused(network, FAULT_STAGE_TLS))
        greet(network);
}

static void dial(struct network *network, const struct addresses *addresses)
{
    struct dial_target target = {
        .addresses = addresses,
        .port = network->call->via.port,
        .source = network->config.source_address != NULL ? &network->call->source : NULL,
    };
    if (is_refused(network, FAULT_STAGE_TCP))
        return;
    network->state = NETWORK_DIALING;
    network->dial = dial_begin(network->shared->loop, &target, dialed, network);
    if (network->dial == NULL)
        fail(network, IMQTT_STAGE_TCP, ENOMEM, strerror(ENOMEM));
}

static void found(struct waiter *waiter, const struct addresses *addresses, int code)
{
    struct network *network = (struct network *)waiter;
    if (addresses != NULL)
        dial(network, addresses);
    else
        fail(network, IMQTT_STAGE_DNS, code,
             code == EAI_SYSTEM ? "no memory or descriptor is left to look the name up"
                                : gai_strerror(code));
}

static void look_up(struct network *network)
{
    const char *host = network->call->via.host;
    struct addresses numeric = {.count = 1};
    if (is_refused(network, FAULT_STAGE_DNS))
        return;
    if (address_parse(&numeric.each[0], host)) {
        dial(network, &numeric);
        return;
    }
    network->state = NETWORK_LOOKING_UP;
    if (!names_find(&network->shared->names, host, &network->waiter))
        fail(network, IMQTT_STAGE_DNS, EAI_MEMORY, gai_strerror(EAI_MEMORY));
}

/* ---- the verbs ------------------------------------------------------------------------------ */

static bool begin_call(struct network *network)
{
    network->call = calloc(1, sizeof *network->call);
    if (network->call == NULL)
        return false;
    network->call->alarm = alarm_new(network->shared->loop, run_out_of_time, network);
    return network->call->alarm != NULL;
}

void network_open(struct network *network, const char *host, uint16_t port, bool tls)
{
    size_t bytes = strlen(host) + 1;
    network->calls++;
    if (bytes > ENDPOINT_HOST_BYTES) {
        fail(network, IMQTT_STAGE_DNS, EAI_NONAME, gai_strerror(EAI_NONAME));
        return;
    }
    if (!begin_call(network)) {
        fail(network, IMQTT_STAGE_TCP, ENOMEM, strerror(ENOMEM));
        return;
    }
    struct call *call = network->call;
    memcpy(call->peer.host, host, bytes);
    call->peer.port = port;
    call->via = call->peer;
    call->tls = tls;
    if (network->config.source_address != NULL)
        address_parse(&call->source, network->config.source_address);
    if (network->config.redirects != NULL)
        redirects_apply(network->config.redirects, &call->via);
    alarm_set(call->alarm, OPEN_TIMEOUT_MS);
    look_up(network);
}

size_t network_write(struct network *network, const uint8_t *bytes, size_t count)
{
    size_t taken;
    if (network->state != NETWORK_OPEN || network->write_error != 0)
        return 0;
    enum channel_outcome outcome = channel_write(network->channel, bytes, count, &taken);
    const struct imqtt_failure *failure = &network->channel->failure;
    bool has_errno = failure->stage == IMQTT_STAGE_PEER && failure->code != 0;
    if (network->config.faults != NULL && !network->is_wrapped)
        mqtt_frames_skip(&network->streams.up, bytes, taken);
    if (outcome == CHANNEL_FAILED || outcome == CHANNEL_CLOSED)
        network->write_error = has_errno ? failure->code : EPIPE;
    return taken;
}

bool network_init(struct network *network, struct network_shared *shared,
                  const struct network_config *config, const struct network_owner *owner,
                  void *owner_context, struct host_refusal *refusal)
{
    struct address source;
    *network = (struct network){
        .shared = shared, .config = *config, .owner = owner, .owner_context = owner_context};
    network->waiter.found = found;
    network->listener.told = on_fault;
    if (config->faults != NULL)
        fault_set_listen(config->faults, &network->listener);
    if (config->source_address != NULL && !address_parse(&source, config->source_address))
        return refuse(refusal, "source-address", config->source_address, "not an address");
    network->tls_context = tls_context_take(&shared->tls_contexts, config->tls, refusal);
    return network->tls_context != NULL;
}

bool network_secure(struct network *network, const struct imqtt_tls *tls)
{
    struct tls_context *context =
        tls_brought_take(&network->shared->tls_contexts, network->config.tls, tls);
    if (context == NULL)
        return false;
    tls_context_release(network->tls_context);
    network->tls_context = context;
    return true;
}

void network_end(struct network *network)
{
    let_go(network, CHANNEL_DROPS);
    tls_context_release(network->tls_context);
    if (network->config.faults != NULL)
        fault_set_ignore(network->config.faults, &network->listener);
    network->tls_context = NULL;
}

void network_watch(struct network *network, bool input, bool room)
{
    if (network->state != NETWORK_OPEN)
        return;
    network->watches_input = input;
    network->watches_room = room && network->write_error == 0;
    channel_watch(network->channel, network->watches_input, network->watches_room);
}

bool network_is_idle(const struct network *network)
{
    return network->state == NETWORK_IDLE;
}

int network_write_error(const struct network *network)
{
    return network->state == NETWORK_OPEN ? network->write_error : 0;
}

void network_shared_init(struct network_shared *shared, struct loop *loop)
{
    *shared = (struct network_shared){.loop = loop, .names.loop = loop};
}

void network_shared_end(struct network_shared *shared)
{
    names_end(&shared->names);
}
