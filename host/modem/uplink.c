#include "host/modem/uplink.h"

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
    uplink->was_closed = true;
    uplink->has_failed = false;
}

static void show(struct uplink *uplink, bool from_broker, const uint8_t *bytes, size_t count)
{
    const struct tap *tap = *uplink->owner.tap;
    if (tap != NULL && tap->broker != NULL && count > 0)
        tap->broker(tap->context, uplink->owner.modem, from_broker, bytes, count);
}

/* ---- what the network says ------------------------------------------------------------------ */

static void on_opened(void *owner)
{
    struct uplink *uplink = owner;
    uplink->traffic_ms = loop_now_ms(uplink->loop);
    imqtt_modem_network_opened(uplink->owner.core, uplink->traffic_ms);
    touch(uplink);
}

static void on_ended(void *owner, const struct imqtt_failure *failure)
{
    struct uplink *uplink = owner;
    size_t bytes = strnlen(failure->text, IMQTT_FAILURE_TEXT_BYTES);
    memcpy(uplink->failure_text, failure->text, bytes);
    uplink->failure_text[bytes] = '\0';
    uplink->failure = *failure;
    uplink->failure.text = uplink->failure_text;
    uplink->has_failed = true;
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
    size_t used = 0;
    uplink->traffic_ms = loop_now_ms(uplink->loop);
    uplink->heard_bytes += count;
    show(uplink, true, bytes, count);
    if (kept_count(&uplink->received) == 0)
        used = imqtt_modem_network_input(uplink->owner.core, bytes, count, uplink->traffic_ms);
    touch(uplink);
    if (used == count || uplink->was_closed)
        return;
    if (!kept_add(&uplink->received, bytes + used, count - used))
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

struct imqtt_network_port uplink_port(struct uplink *uplink)
{
    return (struct imqtt_network_port){uplink, port_open, port_write, port_close};
}

/* ---- the end of a turn ---------------------------------------------------------------------- */

/* Not when it is closed: the core may be reading from there at that moment. */
static void drop_stale(struct uplink *uplink)
{
    if (uplink->was_closed)
        kept_clear(&uplink->received);
    uplink->was_closed = false;
}

static bool offer_received(struct uplink *uplink)
{
    struct kept *received = &uplink->received;
    if (!imqtt_modem_wants(uplink->owner.core).network_input)
        return false;
    if (kept_count(received) == 0)
        return network_read_on(&uplink->network);
    size_t used = imqtt_modem_network_input(uplink->owner.core, kept_bytes(received),
                                            kept_count(received), loop_now_ms(uplink->loop));
    if (!uplink->was_closed)
        kept_take(received, used);
    drop_stale(uplink);
    return used > 0;
}

/* A connection that cannot be written to and is not read because of that would never end. While it
 * is the terminal that holds reading up, what was received before the end is worth waiting for. */
static void end_if_stuck(struct uplink *uplink)
{
    struct imqtt_wants wants = imqtt_modem_wants(uplink->owner.core);
    int error = network_write_error(&uplink->network);
    if (error != 0 && !wants.network_input && !wants.terminal_room)
        break_off(uplink, error);
}

static bool report_failure(struct uplink *uplink)
{
#define STAGE_NAME(name, text) [name] = text,
    static const char *const stages[] = {IMQTT_STAGES(STAGE_NAME)};
#undef STAGE_NAME
    const struct imqtt_failure *failure = &uplink->failure;
    if (!uplink->has_failed || kept_count(&uplink->received) > 0)
        return false;
    uplink->has_failed = false;
    observer_log(uplink->owner.observer, LEVEL_INFO, uplink->owner.label, "broker: %s %d, %s",
                 stages[failure->stage], (int)failure->code, failure->text);
    imqtt_modem_network_failed(uplink->owner.core, failure, loop_now_ms(uplink->loop));
    return true;
}

bool uplink_offer(struct uplink *uplink)
{
    drop_stale(uplink);
    bool was_read = offer_received(uplink);
    end_if_stuck(uplink);
    drop_stale(uplink);
    bool has_failed = report_failure(uplink);
    return was_read || has_failed;
}

void uplink_watch(struct uplink *uplink, bool may_read)
{
    struct imqtt_wants wants = imqtt_modem_wants(uplink->owner.core);
    bool reads = may_read && wants.network_input && !uplink_has_kept(uplink);
    network_watch(&uplink->network, reads, wants.network_room);
    uplink->heard_bytes = 0;
}

size_t uplink_heard_bytes(const struct uplink *uplink)
{
    return uplink->heard_bytes;
}

bool uplink_has_kept(const struct uplink *uplink)
{
    return kept_count(&uplink->received) > 0;
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
    close_now(uplink);
    drop_stale(uplink);
    network_end(&uplink->network);
}
