#include "tests/unit/mqtt_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- ports ---------------------------------------------------------------------------------- */

static void network_open(void *context, const char *host, uint16_t port, bool tls)
{
    struct fixture *f = context;
    f->opens++;
    snprintf(f->host, sizeof f->host, "%s", host);
    f->port = port;
    f->tls = tls;
}

static size_t network_write(void *context, const uint8_t *bytes, size_t count)
{
    struct fixture *f = context;
    size_t taken = count < f->network_room ? count : f->network_room;
    assert_true(taken <= sizeof f->sent - f->sent_count);
    memcpy(f->sent + f->sent_count, bytes, taken);
    f->sent_count += taken;
    f->network_room -= taken;
    f->writes++;
    return taken;
}

static void network_close(void *context)
{
    struct fixture *f = context;
    f->closes++;
    assert_true(f->closes <= f->opens);
}

static bool has_secret(const uint8_t *block, size_t bytes)
{
    static const char secret[] = "secret";
    for (size_t i = 0; i + strlen(secret) <= bytes; i++)
        if (memcmp(block + i, secret, strlen(secret)) == 0)
            return true;
    return false;
}

/* Always moves a block that changes its size, so that a pointer kept too long shows. */
static void *memory_resize(void *context, enum imqtt_memory_purpose purpose, void *block,
                           size_t old_bytes, size_t bytes)
{
    struct fixture *f = context;
    if (bytes > 0 && (f->refused & 1U << purpose) != 0)
        return NULL;
    assert_int_equal(f->lent_bytes[purpose], block != NULL ? old_bytes : 0);
    void *moved = bytes > 0 ? malloc(bytes) : NULL;
    if (moved != NULL && block != NULL)
        memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
    if (block != NULL && moved == NULL && has_secret(block, old_bytes))
        f->found_secret = true;
    f->blocks += (moved != NULL) - (unsigned)(block != NULL);
    f->lent_bytes[purpose] = bytes;
    if (bytes > f->most_bytes[purpose])
        f->most_bytes[purpose] = bytes;
    free(block);
    return moved;
}

int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->network = (struct imqtt_network_port){f, network_open, network_write, network_close};
    f->memory = (struct imqtt_memory_port){f, memory_resize};
    f->network_room = SIZE_MAX;
    f->now_ms = 1000000;
    mqtt_client_init(&f->client, &f->network, &f->memory);
    *state = f;
    return 0;
}

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    mqtt_client_end(&f->client);
    bool is_clean = f->blocks == 0 && !f->found_secret;
    free(f);
    return is_clean ? 0 : -1;
}

/* ---- packets as text ------------------------------------------------------------------------ */

static const char *add_quoted(struct bytes *bytes, const char *text)
{
    while (*text != '\'')
        bytes->bytes[bytes->count++] = (uint8_t)*text++;
    return text + 1;
}

static const char *add_hex(struct bytes *bytes, const char *text)
{
    char digits[3] = {text[0], text[1], '\0'};
    bytes->bytes[bytes->count++] = (uint8_t)strtoul(digits, NULL, 16);
    return text + 2;
}

struct bytes bytes_of(const char *text)
{
    struct bytes bytes = {.count = 0};
    while (*text != '\0') {
        assert_true(bytes.count < sizeof bytes.bytes - 64);
        if (*text == ' ')
            text++;
        else if (*text == '\'')
            text = add_quoted(&bytes, text + 1);
        else
            text = add_hex(&bytes, text);
    }
    return bytes;
}

/* ---- events --------------------------------------------------------------------------------- */

static struct span keep_span(struct out *copies, struct span span)
{
    size_t count = span.count < out_room(copies) ? span.count : out_room(copies);
    uint8_t *at = out_claim(copies, count);
    if (count > 0)
        memcpy(at, span.bytes, count);
    return span_of(at, span.count);
}

static void collect(struct fixture *f, const struct mqtt_event *event)
{
    if (f->first_event == f->event_count)
        f->first_event = f->event_count = 0;
    assert_true(f->event_count < sizeof f->events / sizeof f->events[0]);
    struct seen *seen = &f->events[f->event_count++];
    struct out copies = out_on(seen->bytes, sizeof seen->bytes);
    seen->event = *event;
    seen->event.codes = keep_span(&copies, event->codes);
    seen->event.topic = keep_span(&copies, event->topic);
    seen->event.filters = keep_span(&copies, event->filters);
    seen->event.payload = keep_span(&copies, event->payload);
    assert_non_null(event->failure.text);
    snprintf(seen->failure, sizeof seen->failure, "%s", event->failure.text);
    seen->event.failure.text = seen->failure;
}

static void drain_events(struct fixture *f)
{
    struct mqtt_event event;
    while (mqtt_client_next(&f->client, f->now_ms, &event))
        collect(f, &event);
    assert_true(mqtt_client_next_deadline(&f->client) > f->now_ms);
}

const struct mqtt_event *expect_event(struct fixture *f, enum mqtt_event_kind kind)
{
    if (f->first_event == f->event_count)
        turn(f);
    assert_true(f->first_event < f->event_count);
    const struct mqtt_event *event = &f->events[f->first_event++].event;
    assert_int_equal(event->kind, kind);
    return event;
}

void expect_no_event(struct fixture *f)
{
    turn(f);
    assert_int_equal(f->event_count - f->first_event, 0);
}

void expect_published(struct fixture *f, uint16_t packet_id, bool acknowledged)
{
    const struct mqtt_event *event = expect_event(f, MQTT_PUBLISHED);
    assert_int_equal(event->packet_id, packet_id);
    assert_int_equal(event->acknowledged, acknowledged);
    assert_int_equal(event->tag, TAG);
}

void expect_end(struct fixture *f, enum imqtt_stage stage, const char *text)
{
    const struct mqtt_event *event = expect_event(f, MQTT_DISCONNECTED);
    assert_string_equal(event->failure.text, text);
    assert_int_equal(event->failure.stage, stage);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_IDLE);
    assert_int_equal(f->closes, f->opens);
    expect_no_event(f);
}

void expect_span(struct span span, const char *text)
{
    struct bytes expected = bytes_of(text);
    assert_int_equal(span.count, expected.count);
    assert_memory_equal(span.bytes, expected.bytes, expected.count);
}

/* ---- the broker's side ---------------------------------------------------------------------- */

void turn(struct fixture *f)
{
    drain_events(f);
    mqtt_client_flush(&f->client, f->now_ms);
    drain_events(f);
}

void stall(struct fixture *f, uint64_t ms)
{
    f->now_ms += ms;
    turn(f);
}

void pass(struct fixture *f, uint64_t ms)
{
    uint64_t end_ms = f->now_ms + ms, due_ms;
    while ((due_ms = mqtt_client_next_deadline(&f->client)) < end_ms && due_ms > f->now_ms) {
        f->now_ms = due_ms;
        turn(f);
    }
    f->now_ms = end_ms;
    turn(f);
}

static void read_bytes(struct fixture *f, struct span in)
{
    struct mqtt_event event;
    while (in.count > 0) {
        size_t before = in.count;
        bool due = mqtt_client_read(&f->client, &in, f->now_ms, &event);
        if (due)
            collect(f, &event);
        assert_true(due || in.count < before);
        drain_events(f);
    }
}

/* From a block of its own size, so that a sanitizer sees a read behind its end. */
void feed_bytes(struct fixture *f, const uint8_t *bytes, size_t count, size_t step)
{
    for (size_t at = 0; at < count; at += step) {
        size_t piece = count - at < step ? count - at : step;
        uint8_t *copy = malloc(piece);
        memcpy(copy, bytes + at, piece);
        read_bytes(f, span_of(copy, piece));
        free(copy);
    }
}

void feed(struct fixture *f, const char *packets)
{
    struct bytes bytes = bytes_of(packets);
    feed_bytes(f, bytes.bytes, bytes.count, bytes.count);
}

void expect_sent(struct fixture *f, const char *packets)
{
    struct bytes expected = bytes_of(packets);
    turn(f);
    assert_int_equal(f->sent_count, expected.count);
    assert_memory_equal(f->sent, expected.bytes, expected.count);
    f->sent_count = 0;
}

void expect_nothing_sent(struct fixture *f)
{
    expect_sent(f, "");
}

void forget_sent(struct fixture *f)
{
    turn(f);
    f->sent_count = 0;
}

/* ---- the owner's side ----------------------------------------------------------------------- */

struct mqtt_connect clean_options(void)
{
    return (struct mqtt_connect){
        .host = "broker",
        .port = 1883,
        .packet = {.version = MQTT_3_1_1,
                   .clean_session = true,
                   .keep_alive_s = KEEP_ALIVE_MS / 1000,
                   .client_id = span_text("c")},
        .connack_timeout_ms = TIMEOUT_MS,
        .request_timeout_ms = TIMEOUT_MS,
    };
}

struct mqtt_connect kept_options(void)
{
    struct mqtt_connect options = clean_options();
    options.packet.clean_session = false;
    return options;
}

void begin_connect(struct fixture *f, const struct mqtt_connect *options)
{
    assert_true(mqtt_client_connect(&f->client, options, f->now_ms));
    assert_int_equal(mqtt_client_state(&f->client), MQTT_OPENING);
}

void begin_and_open(struct fixture *f, const struct mqtt_connect *options)
{
    begin_connect(f, options);
    mqtt_client_opened(&f->client, f->now_ms);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_CONNECTING);
    forget_sent(f);
}

void connect_with(struct fixture *f, const struct mqtt_connect *options, bool session_present)
{
    begin_and_open(f, options);
    feed(f, session_present ? "20 02 01 00" : "20 02 00 00");
    const struct mqtt_event *event = expect_event(f, MQTT_CONNECTED);
    assert_int_equal(event->session_present, session_present);
    assert_int_equal(mqtt_client_state(&f->client), MQTT_ONLINE);
}

void connect_clean(struct fixture *f)
{
    struct mqtt_connect options = clean_options();
    connect_with(f, &options, false);
}

void connect_kept(struct fixture *f, bool session_present)
{
    struct mqtt_connect options = kept_options();
    connect_with(f, &options, session_present);
}

static const struct imqtt_failure cut = {IMQTT_STAGE_TCP, 104, "reset"};

void lose_link(struct fixture *f)
{
    f->closes++;
    mqtt_client_failed(&f->client, &cut);
}

uint16_t publish(struct fixture *f, uint8_t qos, const char *topic, const char *payload)
{
    struct mqtt_publish options = {
        .qos = qos, .tag = TAG, .topic_bytes = strlen(topic), .payload_bytes = strlen(payload)};
    struct mqtt_draft draft;
    assert_true(mqtt_client_begin_publish(&f->client, &options, &draft));
    out_text(&draft.topic, topic);
    out_text(&draft.payload, payload);
    return mqtt_client_commit(&f->client, f->now_ms);
}

bool try_publish(struct fixture *f, uint8_t qos, size_t payload_bytes, uint16_t *packet_id)
{
    struct mqtt_publish options = {
        .qos = qos, .tag = TAG, .topic_bytes = 1, .payload_bytes = payload_bytes};
    struct mqtt_draft draft;
    if (!mqtt_client_begin_publish(&f->client, &options, &draft))
        return false;
    out_text(&draft.topic, "t");
    uint8_t *payload = out_claim(&draft.payload, payload_bytes);
    memset(payload, 'x', payload_bytes);
    *packet_id = mqtt_client_commit(&f->client, f->now_ms);
    return true;
}

void fill_window(struct fixture *f, uint8_t qos)
{
    for (unsigned i = 0; i < IMQTT_WINDOW; i++)
        assert_int_equal(publish(f, qos, "t", "x"), 2 + i);
    forget_sent(f);
}

uint16_t subscribe(struct fixture *f, const char *filter, uint8_t qos)
{
    struct mqtt_draft draft;
    size_t bytes = packet_filter_bytes(strlen(filter), true);
    assert_true(mqtt_client_begin_subscribe(&f->client, bytes, &draft));
    packet_begin_filter(&draft.payload, (uint16_t)strlen(filter));
    out_text(&draft.payload, filter);
    out_u8(&draft.payload, qos);
    return mqtt_client_commit(&f->client, f->now_ms);
}

uint16_t unsubscribe(struct fixture *f, const char *filter)
{
    struct mqtt_draft draft;
    size_t bytes = packet_filter_bytes(strlen(filter), false);
    assert_true(mqtt_client_begin_unsubscribe(&f->client, bytes, &draft));
    packet_begin_filter(&draft.payload, (uint16_t)strlen(filter));
    out_text(&draft.payload, filter);
    return mqtt_client_commit(&f->client, f->now_ms);
}
