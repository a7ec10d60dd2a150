#include "core/mqtt/keep_alive.h"

#define PERCENT 90U

void keep_alive_begin(struct keep_alive *alive, uint16_t keep_alive_s, uint32_t request_timeout_ms)
{
    alive->interval_ms = keep_alive_s * 1000U / 100 * PERCENT;
    alive->pingresp_timeout_ms = request_timeout_ms + IMQTT_PINGRESP_GRACE_MS;
    alive->awaits_pingresp = false;
}

void keep_alive_answered(struct keep_alive *alive, const struct mqtt_link *link)
{
    if (link_was_taken(link, alive->pingreq_position))
        alive->awaits_pingresp = false;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t keep_alive_pingreq_ms(const struct keep_alive *alive, const struct mqtt_link *link,
                               const struct answer_clock *clock)
{
    if (alive->interval_ms == 0)
        return ANSWER_CLOCK_NEVER;
    bool can_hear = !clock->is_paused && !alive->awaits_pingresp;
    uint64_t since_ms =
        can_hear ? least(link->last_sent_ms, alive->last_received_ms) : link->last_sent_ms;
    return since_ms + alive->interval_ms;
}

static void ping(struct keep_alive *alive, struct mqtt_link *link, const struct answer_clock *clock,
                 uint64_t now_ms)
{
    if (link_was_taken(link, alive->pingreq_position)) {
        link_put_empty(link, MQTT_PINGREQ);
        alive->pingreq_position = fifo_position(&link->transmit);
    }
    if (!alive->awaits_pingresp)
        alive->pingresp_due_ms = answer_clock_now(clock, now_ms) + alive->pingresp_timeout_ms;
    alive->awaits_pingresp = true;
    link->last_sent_ms = now_ms;
}

void keep_alive_tick(struct keep_alive *alive, struct mqtt_link *link, struct answer_clock *clock,
                     uint64_t now_ms)
{
    if (now_ms >= keep_alive_pingreq_ms(alive, link, clock))
        ping(alive, link, clock, now_ms);
    if (alive->awaits_pingresp && answer_clock_is_past(clock, alive->pingresp_due_ms, now_ms))
        link_hang_up(link, (struct imqtt_failure){IMQTT_STAGE_KEEPALIVE, 0, "no PINGRESP in time"});
}

uint64_t keep_alive_pingresp_ms(const struct keep_alive *alive)
{
    return alive->awaits_pingresp ? alive->pingresp_due_ms : ANSWER_CLOCK_NEVER;
}

bool keep_alive_is_slow(const struct keep_alive *alive, uint64_t clock_ms)
{
    return alive->awaits_pingresp &&
           clock_ms > alive->pingresp_due_ms - alive->pingresp_timeout_ms + IMQTT_SLOW_ANSWER_MS;
}
