#include "host/net/broker_faults.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/broker_cuts.h"
#include "host/net/broker_packets.h"

struct faulty_link {
    struct channel channel; /* first */
    struct channel *inner;  /* NULL: a fault has cut it */
    struct fault_listener listener;
    struct fault_set *set;
    struct alarm *alarm;
    struct fault_lane up, down;
    struct broker_packets up_packets, down_packets;
    struct broker_cuts cuts;
    enum channel_outcome end;    /* of what comes; DONE: not yet */
    enum channel_outcome up_end; /* of what goes */
    struct imqtt_failure end_failure;
    bool wants_input, wants_room;
    bool is_full; /* the inner channel is */
};

static struct faulty_link *link_of(struct channel *channel)
{
    return (struct faulty_link *)channel;
}

/* ---- what to wait for ----------------------------------------------------------------------- */

static bool has_input(struct faulty_link *link)
{
    size_t count;
    bool has_ended = link->end != CHANNEL_DONE && fault_lane_is_empty(&link->down);
    return has_ended || fault_lane_due(&link->down, &count) != NULL;
}

static bool has_room(const struct faulty_link *link)
{
    return fault_lane_has_room(&link->up) || link->up_end != CHANNEL_DONE;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void set_alarm(struct faulty_link *link)
{
    uint64_t now_ms = loop_now_ms(link->set->loop), next_ms = FAULT_LANE_NEVER;
    if (!link->is_full && link->up_end == CHANNEL_DONE)
        next_ms = earlier(next_ms, fault_lane_next_ms(&link->up));
    if (link->wants_input)
        next_ms = earlier(next_ms, fault_lane_next_ms(&link->down));
    if (broker_cuts_are_due(&link->cuts, link->set) || (link->wants_input && has_input(link)) ||
        (link->wants_room && has_room(link)))
        next_ms = now_ms;
    if (next_ms == FAULT_LANE_NEVER)
        alarm_stop(link->alarm);
    else
        alarm_set(link->alarm, next_ms > now_ms ? next_ms - now_ms : 0);
}

static void watch_inner(struct faulty_link *link)
{
    bool reads = link->wants_input && link->end == CHANNEL_DONE && fault_lane_has_room(&link->down);
    if (link->inner != NULL)
        channel_watch(link->inner, reads, link->is_full);
    set_alarm(link);
}

/* ---- cuts ----------------------------------------------------------------------------------- */

/* The broker sees it at once; the modem when it has read what came before. */
static void cut(struct faulty_link *link, enum fault_how how)
{
    bool is_reset = how == FAULT_HOW_RST;
    link->end = is_reset ? CHANNEL_FAILED : CHANNEL_CLOSED;
    link->up_end = CHANNEL_FAILED;
    link->end_failure =
        (struct imqtt_failure){IMQTT_STAGE_PEER, is_reset ? ECONNRESET : 0,
                               is_reset ? strerror(ECONNRESET) : "connection closed by the broker"};
    fault_lane_end(&link->up);
    fault_lane_end(&link->down);
    channel_close(link->inner, is_reset ? CHANNEL_RESETS : CHANNEL_LINGERS);
    link->inner = NULL;
}

static void cut_if_due(struct faulty_link *link)
{
    const struct fault *fault =
        link->inner != NULL ? broker_cuts_due(&link->cuts, link->set) : NULL;
    if (fault != NULL)
        cut(link, (enum fault_how)fault->values[FAULT_HOW]);
}

/* ---- up ------------------------------------------------------------------------------------- */

static void flush(struct faulty_link *link)
{
    const uint8_t *bytes;
    size_t count, taken;
    while (link->up_end == CHANNEL_DONE && !link->is_full &&
           (bytes = fault_lane_due(&link->up, &count)) != NULL) {
        count = broker_cuts_limit(&link->cuts, FAULT_UP, count);
        enum channel_outcome outcome = channel_write(link->inner, bytes, count, &taken);
        if (taken > 0)
            fault_lane_take(&link->up, taken);
        broker_cuts_pass(&link->cuts, FAULT_UP, taken);
        link->is_full = outcome == CHANNEL_WAITS;
        if (outcome == CHANNEL_FAILED || outcome == CHANNEL_CLOSED) {
            link->up_end = outcome;
            link->channel.failure = link->inner->failure;
        }
        cut_if_due(link);
    }
}

static enum channel_outcome write_up(struct channel *channel, const void *bytes, size_t count,
                                     size_t *got)
{
    struct faulty_link *link = link_of(channel);
    bool takes = link->up_end == CHANNEL_DONE && fault_lane_has_room(&link->up);
    *got = 0;
    if (takes && !broker_packets_add(&link->up_packets, bytes, count)) {
        link->up_end = CHANNEL_FAILED;
        channel->failure = (struct imqtt_failure){IMQTT_STAGE_PEER, ENOMEM, strerror(ENOMEM)};
    }
    flush(link);
    watch_inner(link);
    if (link->up_end != CHANNEL_DONE) {
        channel->failure = link->end != CHANNEL_DONE ? link->end_failure : channel->failure;
        return link->up_end;
    }
    *got = takes ? count : 0;
    return takes ? CHANNEL_DONE : CHANNEL_WAITS;
}

/* ---- down ----------------------------------------------------------------------------------- */

static void end_down(struct faulty_link *link, enum channel_outcome outcome,
                     const struct imqtt_failure *failure)
{
    link->end = outcome;
    link->end_failure = *failure;
}

/* bytes: a place to read into. */
static void fill(struct faulty_link *link, void *bytes, size_t room)
{
    static const struct imqtt_failure no_memory = {IMQTT_STAGE_PEER, ENOMEM, "out of memory"};
    size_t count;
    if (link->inner == NULL || link->end != CHANNEL_DONE || !fault_lane_has_room(&link->down))
        return;
    enum channel_outcome outcome = channel_read(link->inner, bytes, room, &count);
    if (!broker_packets_add(&link->down_packets, bytes, count))
        end_down(link, CHANNEL_FAILED, &no_memory);
    else if (outcome == CHANNEL_CLOSED || outcome == CHANNEL_FAILED)
        end_down(link, outcome, &link->inner->failure);
}

static size_t take_due(struct faulty_link *link, uint8_t *bytes, size_t room)
{
    size_t got = 0, count;
    const uint8_t *due;
    while (got < room && (due = fault_lane_due(&link->down, &count)) != NULL) {
        count = count < room - got ? count : room - got;
        count = broker_cuts_limit(&link->cuts, FAULT_DOWN, count);
        memcpy(bytes + got, due, count);
        fault_lane_take(&link->down, count);
        broker_cuts_pass(&link->cuts, FAULT_DOWN, count);
        got += count;
        cut_if_due(link);
    }
    return got;
}

static enum channel_outcome read_down(struct channel *channel, void *bytes, size_t count,
                                      size_t *got)
{
    struct faulty_link *link = link_of(channel);
    cut_if_due(link);
    fill(link, bytes, count);
    *got = take_due(link, bytes, count);
    watch_inner(link);
    if (*got > 0)
        return CHANNEL_DONE;
    if (link->end == CHANNEL_DONE || !fault_lane_is_empty(&link->down))
        return CHANNEL_WAITS;
    channel->failure = link->end_failure;
    return link->end;
}

/* ---- events --------------------------------------------------------------------------------- */

/* The link may be gone after that. */
static void tell_owner(struct faulty_link *link, bool input)
{
    bool room = link->wants_room && has_room(link);
    input = link->wants_input && (input || has_input(link));
    watch_inner(link);
    if (input || room)
        link->channel.ready(link->channel.owner, input, room);
}

static void on_ready(void *owner, bool input, bool room)
{
    struct faulty_link *link = owner;
    if (room) {
        link->is_full = false;
        flush(link);
    }
    tell_owner(link, input);
}

static void on_alarm(void *owner)
{
    struct faulty_link *link = owner;
    cut_if_due(link);
    flush(link);
    tell_owner(link, false);
}

/* Who removes or adds a fault is not to be called back from here: the alarm does what follows. */
static void on_fault(struct fault_listener *listener, const struct fault *fault,
                     enum fault_event event)
{
    struct faulty_link *link =
        (struct faulty_link *)((char *)listener - offsetof(struct faulty_link, listener));
    if (fault->link != FAULT_ON_BROKER || event == FAULT_STRUCK)
        return;
    if (event == FAULT_ADDED) {
        broker_cuts_add(&link->cuts, fault);
    } else {
        broker_cuts_remove(&link->cuts, fault);
        fault_lane_release(&link->up, fault);
        fault_lane_release(&link->down, fault);
    }
    alarm_set(link->alarm, 0);
}

/* ---- the rest of a channel ------------------------------------------------------------------ */

static enum channel_outcome handshake(struct channel *channel)
{
    (void)channel;
    return CHANNEL_DONE;
}

static bool pending(const struct channel *channel)
{
    struct faulty_link *link = link_of((struct channel *)channel);
    return has_input(link) || (link->inner != NULL && channel_pending(link->inner));
}

static void watch(struct channel *channel, bool input, bool room)
{
    struct faulty_link *link = link_of(channel);
    link->wants_input = input;
    link->wants_room = room;
    watch_inner(link);
}

/* What only waits for its time still goes out, so that DISCONNECT does: a delay is no loss. */
static void hurry(struct faulty_link *link)
{
    static const struct fault as_if_removed = {
        .type = FAULT_LATENCY, .link = FAULT_ON_BROKER, .stream = FAULT_BOTH};
    fault_lane_release(&link->up, &as_if_removed);
    flush(link);
}

static void close_link(struct channel *channel, enum channel_ending how)
{
    struct faulty_link *link = link_of(channel);
    if (how == CHANNEL_LINGERS && link->inner != NULL)
        hurry(link);
    fault_set_ignore(link->set, &link->listener);
    fault_lane_end(&link->up);
    fault_lane_end(&link->down);
    broker_packets_end(&link->up_packets);
    broker_packets_end(&link->down_packets);
    broker_cuts_end(&link->cuts);
    alarm_end(link->alarm);
    channel_close(link->inner, how);
    free(link);
}

static const struct channel_kind kind = {.handshake = handshake,
                                         .read = read_down,
                                         .write = write_up,
                                         .pending = pending,
                                         .watch = watch,
                                         .close = close_link};

/* ---- the beginning -------------------------------------------------------------------------- */

static void see_cuts(struct faulty_link *link)
{
    for (const struct fault *fault = link->set->first; fault != NULL; fault = fault->next)
        broker_cuts_add(&link->cuts, fault);
}

static void begin_packets(struct broker_packets *packets, struct fault_lane *lane,
                          const struct mqtt_frames *frames)
{
    *packets = (struct broker_packets){
        .lane = lane, .frames = *frames, .passed_bytes = frames->header_bytes};
}

struct channel *broker_faults_wrap(struct channel *inner, struct fault_set *set,
                                   const struct broker_streams *streams)
{
    struct faulty_link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return NULL;
    link->alarm = alarm_new_of_modem(set->loop, on_alarm, link);
    if (link->alarm == NULL) {
        free(link);
        return NULL;
    }
    link->channel.kind = &kind;
    link->inner = inner;
    link->set = set;
    fault_lane_init(&link->up, set, FAULT_ON_BROKER, FAULT_UP);
    fault_lane_init(&link->down, set, FAULT_ON_BROKER, FAULT_DOWN);
    begin_packets(&link->up_packets, &link->up, &streams->up);
    begin_packets(&link->down_packets, &link->down, &streams->down);
    see_cuts(link);
    link->listener.told = on_fault;
    fault_set_listen(set, &link->listener);
    channel_hand_over(inner, on_ready, link);
    return &link->channel;
}
