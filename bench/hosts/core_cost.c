/* core_cost WORK COUNT: the core alone, between a host and a broker that are a few lines of C, so
 * that its instructions can be counted (valgrind --tool=callgrind): run it with two counts, and the
 * difference is what the messages cost.
 *
 *     publish0 publish1 publish2    one AT+IMQTTPUB of 64 bytes a turn of the loop, from its bytes
 * to the packet, then its acknowledgement to its URC flood0 flood1 flood2          the same, a
 * window of them a turn receive0 receive1             one message of 64 bytes a turn, to its URC
 * and acknowledgement deluge0 deluge1               the same, a window of them a turn at one AT a
 * turn quectel0 quectel1             as publish, by AT+QMTPUB of the dialect qmt, the message in its line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/need.h"
#include "common/wire.h"
#include "common/work.h"
#include "imqtt/dialect.h"
#include "imqtt/modem.h"

#define TOPIC        "bench/telemetry"
#define BUFFER_BYTES 65536
#define MODEM_BYTES  65536

struct buffer {
    uint8_t bytes[BUFFER_BYTES];
    size_t count;
};

static struct buffer to_broker, to_host, to_modem;
static struct imqtt_modem *modem;
static uint64_t now_ms;

/* ---- ports --------------------------------------------------------------------------------- */

static size_t put(void *context, const uint8_t *bytes, size_t count)
{
    struct buffer *buffer = context;
    need(buffer->count + count <= sizeof buffer->bytes, "more output than a turn may make");
    memcpy(buffer->bytes + buffer->count, bytes, count);
    buffer->count += count;
    return count;
}

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context;
    (void)host;
    (void)port;
    (void)tls;
}

static void close_network(void *context)
{
    (void)context;
}

/* One array a purpose, as firmware would have it. */
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    static max_align_t blocks[IMQTT_MEMORY_PURPOSE_COUNT][BUFFER_BYTES / sizeof(max_align_t)];
    (void)context;
    (void)block;
    (void)old_bytes;
    return bytes > 0 && bytes <= sizeof blocks[purpose] ? blocks[purpose] : NULL;
}

/* As in the daemon while nobody follows it: traffic is nothing that somebody wants to hear of. */
static const uint32_t wanted_kinds = ~IMQTT_NEWS_OF_TRAFFIC;

static void take_news(void *context, const struct imqtt_news *news)
{
    (void)context;
    need((1U << news->kind & wanted_kinds) != 0, "news that nobody wants were told");
}

/* ---- turns --------------------------------------------------------------------------------- */

static void turn_ends(void)
{
    imqtt_modem_flush(modem, now_ms);
    now_ms++;
}

static void type(const char *text, size_t count)
{
    need(imqtt_modem_terminal_input(modem, (const uint8_t *)text, count, now_ms) == count,
         "the modem took a part of what was typed");
    turn_ends();
}

static void send_to_modem(void)
{
    need(imqtt_modem_network_input(modem, to_modem.bytes, to_modem.count, now_ms) == to_modem.count,
         "the modem took a part of what the broker sent");
    to_modem.count = 0;
    turn_ends();
}

/* What a broker says to a packet. */
static void answer_packet(const struct wire_packet *packet)
{
    uint8_t *out = to_modem.bytes + to_modem.count;
    if (packet->type == WIRE_CONNECT)
        to_modem.count += wire_connack(out);
    else if (packet->type == WIRE_SUBSCRIBE)
        to_modem.count += wire_suback(out, wire_id(packet), 1);
    else if (packet->type == WIRE_PUBLISH && packet->qos > 0)
        to_modem.count += wire_acknowledgement(out, packet->qos == 1 ? WIRE_PUBACK : WIRE_PUBREC,
                                               wire_id(packet));
    else if (packet->type == WIRE_PUBREL)
        to_modem.count += wire_acknowledgement(out, WIRE_PUBCOMP, wire_id(packet));
}

static void answer_all(void)
{
    struct wire_packet packet;
    for (size_t at = 0; wire_next(to_broker.bytes + at, to_broker.count - at, &packet);
         at += packet.whole_bytes)
        answer_packet(&packet);
    to_broker.count = 0;
}

/* Until the broker has nothing more to say. */
static void talk(void)
{
    for (answer_all(); to_modem.count > 0; answer_all())
        send_to_modem();
}

static unsigned urcs(const char *begin)
{
    unsigned count = 0;
    size_t length = strlen(begin);
    const uint8_t *at = to_host.bytes, *end = to_host.bytes + to_host.count;
    while ((at = memmem(at, (size_t)(end - at), begin, length)) != NULL) {
        at += length;
        count++;
    }
    return count;
}

/* ---- works --------------------------------------------------------------------------------- */

/* What one turn of a work hands in, made once. */
static struct {
    char text[BUFFER_BYTES];
    size_t count;
    const char *urc;
    unsigned messages;
} turn;

static void begin_work(const char *urc, unsigned messages)
{
    turn.count = 0;
    turn.urc = urc;
    turn.messages = messages;
}

static void prepare_publish(unsigned qos, unsigned messages)
{
    begin_work("+IMQTTPUB:", messages);
    for (unsigned i = 0; i < messages; i++)
        turn.count += (size_t)sprintf(turn.text + turn.count, "AT+IMQTTPUB=%s,%u,\"%s\"\r", TOPIC,
                                      qos, WORK_PAYLOAD);
}

static void prepare_quectel(unsigned qos, unsigned messages)
{
    begin_work("+QMTPUB: ", messages);
    turn.count =
        (size_t)sprintf(turn.text, "AT+QMTPUB=0,1,%u,0,\"%s\",\"%s\"\r", qos, TOPIC, WORK_PAYLOAD);
}

static void prepare_receive(unsigned qos, unsigned messages)
{
    begin_work("+IMQTTRCVPUB:", messages);
    for (unsigned i = 0; i < messages; i++) {
        uint8_t *packet = (uint8_t *)turn.text + turn.count;
        turn.count += wire_publish(packet, TOPIC, qos, WORK_PAYLOAD);
        if (qos > 0)
            wire_set_id(packet, (uint16_t)(i + 1));
    }
}

static void prepare_at(unsigned qos, unsigned messages)
{
    (void)qos;
    begin_work("OK", messages);
    turn.count = (size_t)sprintf(turn.text, "AT\r");
}

static void do_typed(void)
{
    type(turn.text, turn.count);
    talk();
}

static void do_received(void)
{
    memcpy(to_modem.bytes, turn.text, turn.count);
    to_modem.count = turn.count;
    send_to_modem();
    to_broker.count = 0;
}

static const char connect_line[] = "ATE0\rAT+IMQTTADDR=broker,1883,core\rAT+IMQTTCONN\r";
static const char open_line[] = "ATE0\rAT+QMTOPEN=0,\"broker\",1883\r";

static const struct work {
    const char *name;
    void (*prepare)(unsigned qos, unsigned messages);
    unsigned messages; /* a turn */
    void (*turn)(void);
    const char *begin;   /* typed to open the network */
    const char *login;   /* and then; NULL: nothing */
    const char *dialect; /* NULL: imqtt's own */
} works[] = {
    {"publish", prepare_publish, 1, do_typed, connect_line, NULL, NULL},
    {"flood", prepare_publish, WORK_WINDOW, do_typed, connect_line, NULL, NULL},
    {"receive", prepare_receive, 1, do_received, connect_line, NULL, NULL},
    {"deluge", prepare_receive, WORK_WINDOW, do_received, connect_line, NULL, NULL},
    {"at", prepare_at, 1, do_typed, connect_line, NULL, NULL},
    {"quectel", prepare_quectel, 1, do_typed, open_line, "AT+QMTCONN=0,\"core\"\r", "qmt"},
};

static const struct work *find(const char *name)
{
    for (size_t i = 0; i < sizeof works / sizeof *works; i++)
        if (strncmp(name, works[i].name, strlen(works[i].name)) == 0)
            return &works[i];
    need(false, "no such work");
    return NULL;
}

static void start(const struct work *work)
{
    static max_align_t memory[MODEM_BYTES / sizeof(max_align_t)];
    struct imqtt_options options = {.dialect = NULL};
    struct imqtt_ports ports = {
        .terminal = {.context = &to_host, .write = put},
        .network = {&to_broker, open_network, put, close_network},
        .memory = {.resize = resize},
        .news = {NULL, take_news, &wanted_kinds},
    };
    if (work->dialect != NULL)
        options.dialect = imqtt_dialect_named(work->dialect);
    need(imqtt_modem_bytes() <= sizeof memory, "a modem is too large");
    modem = imqtt_modem_init(memory, &ports, &options, now_ms);
    type(work->begin, strlen(work->begin));
    imqtt_modem_network_opened(modem, now_ms);
    turn_ends();
    if (work->login != NULL)
        type(work->login, strlen(work->login));
    talk();
    need(imqtt_modem_is_connected(modem), "connected");
}

int main(int count, char **arguments)
{
    need(count == 3, "usage: core_cost WORK COUNT");
    const struct work *work = find(arguments[1]);
    start(work);
    work->prepare((unsigned)atoi(arguments[1] + strlen(work->name)), work->messages);
    for (int left = atoi(arguments[2]); left > 0; left -= (int)work->messages) {
        to_host.count = 0;
        work->turn();
        if (left <= (int)work->messages)
            need(urcs(turn.urc) == turn.messages, "every message has its URC");
    }
}
