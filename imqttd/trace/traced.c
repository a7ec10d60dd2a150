#include "imqttd/trace/traced.h"

#include <stdlib.h>
#include <string.h>

#include "host/modem/host_modem.h"
#include "imqttd/trace/trace_events.h"

#define PIECE_MS 100 /* what came without a line end is told after it */

struct tapped {
    struct traced *owner;
    struct alarm *alarm;
    bool is_waiting; /* the alarm is set */
    struct at_lines host, modem;
    struct mqtt_packets out, in;
};

static void host_said(void *context, const uint8_t *bytes, size_t count, bool starred)
{
    const struct traced *traced = ((struct tapped *)context)->owner;
    if ((traced->heard & TRACE_AT) != 0)
        trace_at(traced->hub, traced->modem, true, bytes, count, starred);
}

static void modem_said(void *context, const uint8_t *bytes, size_t count, bool starred)
{
    const struct traced *traced = ((struct tapped *)context)->owner;
    if ((traced->heard & TRACE_AT) != 0)
        trace_at(traced->hub, traced->modem, false, bytes, count, starred);
}

static void went_out(void *context, const struct json_text *fields)
{
    const struct traced *traced = ((struct tapped *)context)->owner;
    if ((traced->heard & TRACE_MQTT) != 0)
        trace_mqtt(traced->hub, traced->modem, true, fields);
}

static void came_in(void *context, const struct json_text *fields)
{
    const struct traced *traced = ((struct tapped *)context)->owner;
    if ((traced->heard & TRACE_MQTT) != 0)
        trace_mqtt(traced->hub, traced->modem, false, fields);
}

static void flush_lines(void *owner)
{
    struct tapped *tapped = owner;
    tapped->is_waiting = false;
    at_lines_flush(&tapped->host);
    at_lines_flush(&tapped->modem);
}

/* No echo begins so: it is an answer to what the host has said so far. */
static bool is_answer(const uint8_t *bytes, size_t count)
{
    return count >= 2 && bytes[0] == '\r' && bytes[1] == '\n';
}

static void free_tapped(struct tapped *tapped)
{
    alarm_end(tapped->alarm);
    mqtt_packets_end(&tapped->out);
    mqtt_packets_end(&tapped->in);
    at_lines_end(&tapped->host);
    at_lines_end(&tapped->modem);
    free(tapped);
}

static struct tapped *new_tapped(struct traced *traced)
{
    struct tapped *tapped = calloc(1, sizeof *tapped);
    if (tapped == NULL)
        return NULL;
    tapped->owner = traced;
    tapped->host.told = host_said;
    tapped->host.ends_at_return = true;
    tapped->modem.told = modem_said;
    tapped->out.told = went_out;
    tapped->in.told = came_in;
    tapped->host.context = tapped->modem.context = tapped;
    tapped->out.context = tapped->in.context = tapped;
    tapped->alarm = alarm_new(traced->loop, flush_lines, tapped);
    if (tapped->alarm != NULL)
        return tapped;
    free(tapped);
    return NULL;
}

static struct tapped *tapped_of(struct traced *traced)
{
    if (traced->tapped == NULL && !traced->has_lost)
        traced->tapped = new_tapped(traced);
    traced->has_lost = traced->tapped == NULL;
    return traced->tapped;
}

/* ---- the tap -------------------------------------------------------------------------------- */

static void on_uart(void *context, struct host_modem *modem, bool from_host, const uint8_t *bytes,
                    size_t count)
{
    struct tapped *tapped = tapped_of(context);
    if (tapped == NULL)
        return;
    struct at_lines *lines = from_host ? &tapped->host : &tapped->modem;
    (void)modem;
    if (!from_host && is_answer(bytes, count))
        at_lines_flush(&tapped->host);
    at_lines_take(lines, bytes, count);
    if (!at_lines_wait(lines) || tapped->is_waiting)
        return;
    tapped->is_waiting = true;
    alarm_set(tapped->alarm, PIECE_MS);
}

static void on_broker(void *context, struct host_modem *modem, bool from_broker,
                      const uint8_t *bytes, size_t count)
{
    struct tapped *tapped = tapped_of(context);
    (void)modem;
    if (tapped != NULL)
        mqtt_packets_take(from_broker ? &tapped->in : &tapped->out, bytes, count);
}

bool traced_tap(struct traced *traced, struct loop *loop)
{
    if (traced->is_tapped)
        return true;
    traced->loop = loop;
    traced->tap = (struct tap){traced, on_uart, on_broker};
    traced->has_lost = false;
    traced->is_tapped = host_modem_set_tap(traced->modem, &traced->tap);
    return traced->is_tapped;
}

void traced_untap(struct traced *traced)
{
    if (!traced->is_tapped)
        return;
    if (traced->tapped != NULL)
        flush_lines(traced->tapped);
    host_modem_set_tap(traced->modem, NULL);
    traced->is_tapped = false;
    if (traced->tapped != NULL)
        free_tapped(traced->tapped);
    traced->tapped = NULL;
}

void traced_connecting(struct traced *traced)
{
    if (traced->tapped == NULL)
        return;
    mqtt_packets_begin(&traced->tapped->out);
    mqtt_packets_begin(&traced->tapped->in);
}
