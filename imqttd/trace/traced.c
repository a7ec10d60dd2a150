#include "imqttd/trace/traced.h"

#include <stdlib.h>
#include <string.h>

#include "driver_report/secret_words.h"
#include "host/modem/host_modem.h"
#include "imqtt/limits.h"
#include "imqttd/trace/trace_events.h"

#define PIECE_MS 100 /* what came without a line end is told after it */

/* Those of one client of the modem. */
struct client_packets {
    const struct traced *owner;
    uint8_t client;
    struct mqtt_packets out, in;
};

struct tapped {
    struct traced *owner;
    struct alarm *alarm;
    bool is_waiting;                 /* the alarm is set */
    bool host_is_data;               /* what the host said last was data: it may have no end */
    bool hides_data;                 /* nobody knows what that is */
    bool is_spoilt;                  /* by a fault: what is echoed is not what was typed */
    bool has_secret, secret_is_last; /* typed by the host; and nothing behind it */
    struct at_lines host, modem;
    struct client_packets *clients[IMQTT_CLIENTS]; /* NULL: nothing was seen of it yet */
    bool has_lost[IMQTT_CLIENTS]; /* there was no memory; until its next connection */
};

static void host_said(void *context, const uint8_t *bytes, size_t count, bool starred)
{
    struct tapped *tapped = context;
    const struct traced *traced = tapped->owner;
    if (starred || secret_words_stand_in(bytes, count))
        tapped->has_secret = tapped->secret_is_last = true;
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
    const struct client_packets *packets = context;
    const struct traced *traced = packets->owner;
    if ((traced->heard & TRACE_MQTT) != 0)
        trace_mqtt(traced->hub, traced->modem, packets->client, true, fields);
}

static void came_in(void *context, const struct json_text *fields)
{
    const struct client_packets *packets = context;
    const struct traced *traced = packets->owner;
    if ((traced->heard & TRACE_MQTT) != 0)
        trace_mqtt(traced->hub, traced->modem, packets->client, false, fields);
}

/* The words that secrets are known by may be spoilt where they are echoed or read back. */
static void hide_spoilt(struct tapped *tapped)
{
    tapped->modem.hides_all = tapped->hides_data || (tapped->is_spoilt && tapped->secret_is_last);
    tapped->modem.hides_echo = tapped->is_spoilt && tapped->has_secret;
}

static void flush_lines(void *owner)
{
    struct tapped *tapped = owner;
    tapped->is_waiting = false;
    at_lines_flush(&tapped->host);
    hide_spoilt(tapped);
    at_lines_flush(&tapped->modem);
}

/* No echo begins so, and none of data has a line feed: it is an answer to what the host has said so
 * far. */
static bool is_answer(const struct tapped *tapped, const uint8_t *bytes, size_t count)
{
    if (tapped->host_is_data)
        return memchr(bytes, '\n', count) != NULL;
    return count >= 2 && bytes[0] == '\r' && bytes[1] == '\n';
}

/* What comes of data is told behind it. */
static void tell_data(struct tapped *tapped)
{
    if (tapped->host_is_data)
        at_lines_flush(&tapped->host);
}

static void free_packets(struct client_packets *packets)
{
    if (packets == NULL)
        return;
    mqtt_packets_end(&packets->out);
    mqtt_packets_end(&packets->in);
    free(packets);
}

static void free_tapped(struct tapped *tapped)
{
    alarm_end(tapped->alarm);
    for (uint8_t client = 0; client < IMQTT_CLIENTS; client++)
        free_packets(tapped->clients[client]);
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
    tapped->host.context = tapped->modem.context = tapped;
    tapped->host.hides_rest = tapped->modem.hides_rest = traced->began_in_line;
    tapped->host_is_data = tapped->hides_data = traced->began_in_data;
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

/* Up to the next command line: its echo, and what it is answered with, too. */
static void follow_unseen_data(struct tapped *tapped)
{
    if (tapped->hides_data && !tapped->host_is_data) {
        flush_lines(tapped);
        tapped->hides_data = false;
    }
    tapped->host.hides_all = tapped->hides_data;
}

static bool has_spoiling_fault(struct host_modem *modem)
{
    for (const struct fault *each = host_modem_faults(modem)->first; each != NULL;
         each = each->next)
        if (each->type == FAULT_DROP || each->type == FAULT_GARBLE || each->type == FAULT_INSERT ||
            each->type == FAULT_URC)
            return true;
    return false;
}

/* The line that is being said is hidden to its end. */
static void end_spoilt(struct tapped *tapped)
{
    at_lines_flush(&tapped->modem);
    tapped->modem.hides_rest = tapped->modem.hides_rest || tapped->modem.count > 0;
    tapped->is_spoilt = false;
}

static void follow_spoilt(struct tapped *tapped, struct host_modem *modem, bool from_host)
{
    bool is_spoilt = has_spoiling_fault(modem);
    if (is_spoilt)
        tapped->is_spoilt = true;
    else if (tapped->is_spoilt && from_host)
        end_spoilt(tapped);
    if (from_host) {
        tapped->secret_is_last = false;
        tapped->has_secret = tapped->has_secret && is_spoilt;
    }
}

/* ---- the tap -------------------------------------------------------------------------------- */

static void on_uart(void *context, struct host_modem *modem, bool from_host, const uint8_t *bytes,
                    size_t count)
{
    struct tapped *tapped = tapped_of(context);
    if (tapped == NULL)
        return;
    struct at_lines *lines = from_host ? &tapped->host : &tapped->modem;
    if (from_host)
        tapped->host_is_data = host_modem_awaits_data(modem);
    else if (is_answer(tapped, bytes, count))
        at_lines_flush(&tapped->host);
    follow_unseen_data(tapped);
    follow_spoilt(tapped, modem, from_host);
    hide_spoilt(tapped);
    at_lines_take(lines, bytes, count);
    if (!at_lines_wait(lines) || tapped->is_waiting)
        return;
    tapped->is_waiting = true;
    alarm_set(tapped->alarm, PIECE_MS);
}

static struct client_packets *new_packets(const struct traced *owner, uint8_t client)
{
    struct client_packets *packets = calloc(1, sizeof *packets);
    if (packets == NULL)
        return NULL;
    packets->owner = owner;
    packets->client = client;
    packets->out.told = went_out;
    packets->in.told = came_in;
    packets->out.context = packets->in.context = packets;
    return packets;
}

/* NULL: nothing is seen of it, for what comes would have no beginning. */
static struct client_packets *packets_of(struct tapped *tapped, uint8_t client)
{
    if (tapped->clients[client] == NULL && !tapped->has_lost[client])
        tapped->clients[client] = new_packets(tapped->owner, client);
    tapped->has_lost[client] = tapped->clients[client] == NULL;
    return tapped->clients[client];
}

static void on_broker(void *context, struct host_modem *modem, uint8_t client, bool from_broker,
                      const uint8_t *bytes, size_t count)
{
    struct tapped *tapped = tapped_of(context);
    struct client_packets *packets = tapped != NULL ? packets_of(tapped, client) : NULL;
    (void)modem;
    if (tapped != NULL && !from_broker)
        tell_data(tapped);
    if (packets != NULL)
        mqtt_packets_take(from_broker ? &packets->in : &packets->out, bytes, count);
}

bool traced_tap(struct traced *traced, struct loop *loop)
{
    if (traced->is_tapped)
        return true;
    traced->loop = loop;
    traced->tap = (struct tap){traced, on_uart, on_broker};
    traced->has_lost = false;
    traced->began_in_line = host_modem_is_within_line(traced->modem);
    traced->began_in_data = host_modem_awaits_data(traced->modem);
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

static void begin_packets(struct tapped *tapped, uint8_t client)
{
    struct client_packets *packets = tapped->clients[client];
    tapped->has_lost[client] = false;
    if (packets == NULL)
        return;
    mqtt_packets_begin(&packets->out);
    mqtt_packets_begin(&packets->in);
}

void traced_follow(struct traced *traced, const struct imqtt_news *news)
{
    if (traced->tapped == NULL)
        return;
    if (news->kind == IMQTT_NEWS_CONNECTING)
        begin_packets(traced->tapped, news->client);
    if (news->kind == IMQTT_NEWS_COMMAND)
        tell_data(traced->tapped);
}
