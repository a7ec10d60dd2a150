#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/modem/connect_service.h"

/* ---- when ----------------------------------------------------------------------------------- */

/* Many modems lose their broker at the same moment: each comes back at another. ±20 %. */
static uint32_t wait_ms(const struct imqtt_modem *modem)
{
    uint32_t ms = modem->reconnection.back_off_s * 1000;
    return ms - ms / 5 + ms / 5 * 2 * (modem_random(modem) >> 6) / 1024;
}

static void tell_waiting(const struct imqtt_modem *modem, uint32_t ms)
{
    const struct connection_target *target = &modem->link->target;
    struct imqtt_news news = {.kind = IMQTT_NEWS_RECONNECTING,
                              .host = target->host,
                              .port = target->port,
                              .tls = target->tls,
                              .took_ms = ms};
    modem_tell(modem, &news);
}

static void wait_for_next(struct imqtt_modem *modem, uint32_t back_off_s)
{
    uint32_t max_s = modem->settings.reconnect.max_s;
    struct reconnection *state = &modem->reconnection;
    state->step = RECONNECTION_WAITS;
    state->packet_id = 0;
    state->back_off_s = back_off_s < max_s ? back_off_s : max_s;
    uint32_t ms = wait_ms(modem);
    state->due_ms = modem->now_ms + ms;
    if (modem_has_listener(modem))
        tell_waiting(modem, ms);
}

void reconnection_tick(struct imqtt_modem *modem)
{
    struct reconnection *state = &modem->reconnection;
    if (state->step != RECONNECTION_WAITS || modem->now_ms < state->due_ms)
        return;
    if (!radio_is_attached(&modem->radio)) {
        state->due_ms = UINT64_MAX;
        return;
    }
    state->step = RECONNECTION_TRIES;
    if (modem_connect(modem) != IMQTT_DONE)
        wait_for_next(modem, state->back_off_s * 2);
}

void reconnection_follow_radio(struct imqtt_modem *modem)
{
    struct reconnection *state = &modem->reconnection;
    if (state->step == RECONNECTION_WAITS && state->due_ms == UINT64_MAX &&
        radio_is_attached(&modem->radio))
        wait_for_next(modem, state->back_off_s);
}

/* ---- what is subscribed again --------------------------------------------------------------- */

static bool is_lost(const struct imqtt_modem *modem, const struct mqtt_event *event)
{
    return event->kind == MQTT_DISCONNECTED && event->failure.stage != IMQTT_STAGE_NONE &&
           modem->link->is_up && modem->settings.reconnect.is_on;
}

/* What was still to be made stands behind what was made. */
void reconnection_begin(struct imqtt_modem *modem)
{
    modem->reconnection = (struct reconnection){.step = RECONNECTION_RESTS};
    subscriptions_init(&modem->reconnection.wanted, &modem->ports.memory, IMQTT_MEMORY_RESUBSCRIBE);
}

void reconnection_prepare(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct subscriptions *wanted = &modem->reconnection.wanted, *live = &modem->link->subscriptions;
    if (!is_lost(modem, event) || !modem->link->clean_session)
        return;
    struct span rest = subscriptions_all(wanted), filter;
    uint8_t qos;
    while (subscriptions_next(&rest, &filter, &qos))
        subscriptions_add(live, filter, qos);
    subscriptions_clear(wanted);
    struct subscriptions empty = *wanted; /* each has a block of its own */
    *wanted = *live;
    *live = empty;
}

/* As many as one SUBSCRIBE of the host's might have: *count, and their bytes in it. */
static size_t measure(const struct subscriptions *wanted, size_t *count)
{
    struct span rest = subscriptions_all(wanted), filter;
    size_t bytes = 0;
    uint8_t qos;
    for (*count = 0; *count < IMQTT_SUBSCRIBE_TOPICS; (*count)++) {
        if (!subscriptions_next(&rest, &filter, &qos))
            break;
        size_t more = packet_filter_bytes(filter.count, true);
        if (*count > 0 && bytes + more > IMQTT_LINE_BYTES)
            break;
        bytes += more;
    }
    return bytes;
}

/* How many bytes of the list they are. */
static size_t put_filters(const struct subscriptions *wanted, size_t count, struct out *packet)
{
    struct span all = subscriptions_all(wanted), rest = all, filter;
    uint8_t qos;
    for (size_t i = 0; i < count && subscriptions_next(&rest, &filter, &qos); i++) {
        packet_begin_filter(packet, (uint16_t)filter.count);
        out_span(packet, filter);
        out_u8(packet, qos);
    }
    return all.count - rest.count;
}

void reconnection_work(struct imqtt_modem *modem)
{
    struct reconnection *state = &modem->reconnection;
    struct mqtt_draft draft;
    size_t count;
    if (state->step != RECONNECTION_SUBSCRIBES || state->packet_id != 0 ||
        !modem_is_connected(modem))
        return;
    size_t bytes = measure(&state->wanted, &count);
    if (count == 0) {
        state->step = RECONNECTION_RESTS;
    } else if (mqtt_client_begin_subscribe(&modem->link->mqtt, bytes, &draft)) {
        state->asked_bytes = put_filters(&state->wanted, count, &draft.payload);
        state->packet_id = mqtt_client_commit(&modem->link->mqtt, modem->now_ms);
    }
}

/* ---- what happens --------------------------------------------------------------------------- */

static bool is_own_subscribe(const struct reconnection *state, const struct mqtt_event *event)
{
    return state->packet_id != 0 && state->packet_id == event->packet_id;
}

/* What was not answered is asked for again, on this connection or the next. */
static void take_answer(struct reconnection *state, bool is_answered)
{
    state->packet_id = 0;
    if (is_answered)
        fifo_take(&state->wanted.entries, state->asked_bytes);
}

bool reconnection_follow(struct imqtt_modem *modem, const struct session_news *news)
{
    struct reconnection *state = &modem->reconnection;
    switch (news->kind) {
    case SESSION_LOST:
        if (modem->settings.reconnect.is_on)
            wait_for_next(modem, modem->settings.reconnect.min_s);
        return false;
    case SESSION_REFUSED:
        if (state->step != RECONNECTION_TRIES)
            return false;
        wait_for_next(modem, state->back_off_s * 2);
        return true;
    case SESSION_CONNECTED:
        if (state->step == RECONNECTION_TRIES)
            state->step = RECONNECTION_SUBSCRIBES;
        return false;
    case SESSION_DISCONNECTED:
        reconnection_end(modem);
        return false;
    case SESSION_SUBSCRIBED:
        if (!is_own_subscribe(state, news->event))
            return false;
        take_answer(state, news->event->acknowledged);
        return true;
    default:
        return false;
    }
}

void reconnection_end(struct imqtt_modem *modem)
{
    modem->reconnection.step = RECONNECTION_RESTS;
    modem->reconnection.packet_id = 0;
    subscriptions_clear(&modem->reconnection.wanted);
}
