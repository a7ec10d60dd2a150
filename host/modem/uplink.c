#include "host/modem/uplink.h"

#include "host/net/tls_pem.h"

#include <errno.h>
#include <string.h>

#include "host/modem/host_modem.h"
#include "host/modem/tap.h"

static void touch(struct uplink *uplink)
{
    host_modem_touch(uplink->owner.modem);
}

static void close_now(struct uplink *uplink)
{
    network_close(&uplink->network);
    imqtt_pump_client_closed(uplink->owner.pump, uplink->owner.client);
}

static void show(struct uplink *uplink, bool from_broker, const uint8_t *bytes, size_t count)
{
    const struct tap *tap = *uplink->owner.tap;
    if (tap != NULL && tap->broker != NULL && count > 0)
        tap->broker(tap->context, uplink->owner.modem, uplink->owner.client, from_broker, bytes,
                    count);
}

/* ---- what the network says ------------------------------------------------------------------ */

static void on_opened(void *owner)
{
    struct uplink *uplink = owner;
    uplink->traffic_ms = loop_now_ms(uplink->loop);
    imqtt_modem_client_opened(uplink->owner.core, uplink->owner.client, uplink->traffic_ms);
    touch(uplink);
}

static void log_end(const struct uplink *uplink, const struct imqtt_failure *failure)
{
#define STAGE_NAME(name, text) [name] = text,
    static const char *const stages[] = {IMQTT_STAGES(STAGE_NAME)};
#undef STAGE_NAME
    observer_log(uplink->owner.observer, LEVEL_DEBUG, uplink->owner.label, "broker: %s %d, %.*s",
                 stages[failure->stage], (int)failure->code, IMQTT_FAILURE_TEXT_BYTES,
                 failure->text);
}

static void on_ended(void *owner, const struct imqtt_failure *failure)
{
    struct uplink *uplink = owner;
    log_end(uplink, failure);
    imqtt_pump_client_ended(uplink->owner.pump, uplink->owner.client, failure);
    touch(uplink);
}

static void break_off(struct uplink *uplink, int error)
{
    close_now(uplink);
    on_ended(uplink, &(struct imqtt_failure){IMQTT_STAGE_PEER, error, strerror(error)});
}

static void on_received(void *owner, const uint8_t *bytes, size_t count)
{
    struct uplink *uplink = owner;
    uplink->traffic_ms = loop_now_ms(uplink->loop);
    uplink->heard_bytes += count;
    show(uplink, true, bytes, count);
    touch(uplink);
    if (!imqtt_pump_client_received(uplink->owner.pump, uplink->owner.client, bytes, count,
                                    uplink->traffic_ms))
        break_off(uplink, ENOMEM); /* a stream with a hole in it is worse than none */
}

static void on_room(void *owner)
{
    touch(owner);
}

static const struct network_owner as_owner = {
    .opened = on_opened, .received = on_received, .room = on_room, .ended = on_ended};

/* ---- the port ------------------------------------------------------------------------------- */

static void port_open(void *context, const char *host, uint16_t port, bool tls)
{
    struct uplink *uplink = context;
    observer_log(uplink->owner.observer, LEVEL_DEBUG, uplink->owner.label,
                 "connecting to %s port %u%s", host, (unsigned)port, tls ? " with TLS" : "");
    network_open(&uplink->network, host, port, tls);
}

static size_t port_write(void *context, const uint8_t *bytes, size_t count)
{
    struct uplink *uplink = context;
    uplink->traffic_ms = loop_now_ms(uplink->loop);
    size_t taken = network_write(&uplink->network, bytes, count);
    show(uplink, false, bytes, taken);
    return taken;
}

static void port_close(void *context)
{
    close_now(context);
}

static bool port_secure(void *context, const struct imqtt_tls *tls)
{
    struct uplink *uplink = context;
    return network_secure(&uplink->network, tls);
}

static bool port_fingerprint(void *context, enum imqtt_pem_kind kind, const uint8_t *bytes,
                             size_t count, uint8_t sha256[32])
{
    (void)context;
    return tls_pem_fingerprint(kind, bytes, count, sha256);
}

struct imqtt_tls_port uplink_tls_port(struct uplink *uplink)
{
    return (struct imqtt_tls_port){uplink, port_secure, port_fingerprint};
}

struct imqtt_network_port uplink_port(struct uplink *uplink)
{
    return (struct imqtt_network_port){uplink, port_open, port_write, port_close};
}

/* ---- the end of a turn ---------------------------------------------------------------------- */

/* A connection that cannot be written to and is not read because of that would never end. While it
 * is the terminal that holds reading up, what was received before the end is worth waiting for. */
static bool end_if_stuck(struct uplink *uplink)
{
    struct imqtt_wants wants = imqtt_modem_client_wants(uplink->owner.core, uplink->owner.client);
    int error = network_write_error(&uplink->network);
    bool is_stuck = error != 0 && !wants.network_input && !wants.terminal_room;
    if (is_stuck)
        break_off(uplink, error);
    return is_stuck;
}

static struct imqtt_wants wants_of(const struct uplink *uplink)
{
    return imqtt_pump_client_wants(uplink->owner.pump, uplink->owner.client);
}

bool uplink_wants_input(const struct uplink *uplink)
{
    return wants_of(uplink).network_input;
}

bool uplink_go_on(struct uplink *uplink)
{
    bool was_read = uplink_wants_input(uplink) && network_read_on(&uplink->network);
    bool has_ended = end_if_stuck(uplink);
    return was_read || has_ended;
}

void uplink_watch(struct uplink *uplink, bool may_read)
{
    struct imqtt_wants wants = wants_of(uplink);
    network_watch(&uplink->network, may_read && wants.network_input, wants.network_room);
    uplink->heard_bytes = 0;
}

size_t uplink_heard_bytes(const struct uplink *uplink)
{
    return uplink->heard_bytes;
}

/* ---- life ----------------------------------------------------------------------------------- */

bool uplink_init(struct uplink *uplink, struct network_shared *shared,
                 const struct network_config *config, const struct uplink_owner *owner,
                 struct host_refusal *refusal)
{
    *uplink = (struct uplink){.loop = shared->loop, .owner = *owner};
    return network_init(&uplink->network, shared, config, &as_owner, uplink, refusal);
}

bool uplink_is_down(const struct uplink *uplink)
{
    return network_is_idle(&uplink->network);
}

bool uplink_is_open(const struct uplink *uplink)
{
    return network_is_open(&uplink->network);
}

uint64_t uplink_quiet_ms(const struct uplink *uplink)
{
    return uplink_is_down(uplink) ? UINT64_MAX : loop_now_ms(uplink->loop) - uplink->traffic_ms;
}

bool uplink_break(struct uplink *uplink, enum channel_ending how)
{
    return network_break(&uplink->network, how);
}

void uplink_end(struct uplink *uplink)
{
    network_end(&uplink->network);
}
