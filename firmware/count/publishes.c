/* How many instructions of a Cortex-M the core takes for a message: an image of its own, between a host and
 * a broker that are functions. Under QEMU's -icount shift=0 an instruction takes a nanosecond, so that
 * SysTick counts instructions, 40 at a time. Only what happens inside the modem is counted.
 */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "examples/firmware/arena.h"
#include "firmware/board/board.h"
#include "imqtt/modem.h"

#define SYST_CSR board_register(0xe000e010u)
#define SYST_RVR board_register(0xe000e014u)
#define SYST_CVR board_register(0xe000e018u)

#define SYST_COUNTS 5u /* the processor's clock, no interrupt */
#define SYST_BITS   0xffffffu
#define TICK_NS     (1000000000u / BOARD_CLOCK_HZ)

#define MESSAGES 1000
#define PAYLOAD  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The board's table of interrupts names them; none is enabled here. */
void uart_receive_interrupt(void);
void uart_transmit_interrupt(void);
void ethernet_interrupt(void);
void ticks_interrupt(void);

static alignas(max_align_t) uint8_t memory[IMQTT_RAM_BYTES];
static struct imqtt_modem *modem;
static uint32_t ticks, begun_at;

static uint8_t sent[256];
static size_t sent_bytes;
static bool wants_open;

/* ---- the ports ------------------------------------------------------------------------------- */

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
    wants_open = true;
}

static size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    size_t room = sizeof sent - sent_bytes, written = count < room ? count : room;
    (void)context;
    memcpy(sent + sent_bytes, bytes, written);
    sent_bytes += written;
    return written;
}

static void close_network(void *context)
{
    (void)context;
}

/* ---- what is counted ------------------------------------------------------------------------- */

static void begin(void)
{
    begun_at = *SYST_CVR;
}

static void end(void)
{
    ticks += (begun_at - *SYST_CVR) & SYST_BITS;
}

static void host_types(const char *line)
{
    begin();
    imqtt_modem_terminal_input(modem, (const uint8_t *)line, strlen(line), 1);
    imqtt_modem_flush(modem, 1);
    end();
}

static void broker_sends(const uint8_t *packet, size_t count)
{
    begin();
    imqtt_modem_network_input(modem, packet, count, 1);
    imqtt_modem_flush(modem, 1);
    end();
}

/* ---- the broker ------------------------------------------------------------------------------ */

/* To a PUBLISH with the topic "t", whose length takes one byte: its id stands behind that. */
static void answer_publish(unsigned qos)
{
    const uint8_t answer[] = {qos == 1 ? 0x40 : 0x50, 2, sent[5], sent[6]};
    if (qos > 0)
        broker_sends(answer, sizeof answer);
}

static void answer_release(void)
{
    const uint8_t complete[] = {0x70, 2, sent[2], sent[3]};
    broker_sends(complete, sizeof complete);
}

/* Answers until the modem has nothing more to send. */
static void broker_answers(void)
{
    static const uint8_t connack[] = {0x20, 2, 0, 0};
    while (sent_bytes > 0) {
        sent_bytes = 0;
        if (sent[0] >> 4 == 1)
            broker_sends(connack, sizeof connack);
        else if (sent[0] >> 4 == 3)
            answer_publish(sent[0] >> 1 & 3);
        else if (sent[0] >> 4 == 6)
            answer_release();
    }
}

/* ---- messages -------------------------------------------------------------------------------- */

static void start_modem(void)
{
    static struct arena arena;
    size_t modem_bytes = (imqtt_modem_bytes() + 7) / 8 * 8;
    arena = arena_on(memory + modem_bytes, sizeof memory - modem_bytes);
    const struct imqtt_ports ports = {
        .terminal.write = write_terminal,
        .network = {NULL, open_network, write_network, close_network},
        .memory = arena_port(&arena),
    };
    const struct imqtt_options options = {.echo_off = true};
    modem = imqtt_modem_init(memory, &ports, &options, 0);
}

static bool connect(void)
{
    host_types("AT+IMQTTADDR=broker,1883,count\rAT+IMQTTCONN\r");
    if (wants_open)
        imqtt_modem_network_opened(modem, 1);
    imqtt_modem_flush(modem, 1);
    broker_answers();
    return imqtt_modem_is_connected(modem);
}

/* Instructions a message. */
static unsigned long published(const char *line)
{
    ticks = 0;
    for (unsigned i = 0; i < MESSAGES; i++) {
        host_types(line);
        broker_answers();
    }
    return (unsigned long)((uint64_t)ticks * TICK_NS / MESSAGES);
}

static unsigned long received(void)
{
    uint8_t packet[5 + 2 + sizeof PAYLOAD - 1] = {0x32, sizeof packet - 2, 0, 1, 't', 0, 7};
    memcpy(packet + 7, PAYLOAD, sizeof PAYLOAD - 1);
    ticks = 0;
    for (unsigned i = 0; i < MESSAGES; i++) {
        broker_sends(packet, sizeof packet);
        sent_bytes = 0; /* PUBACK */
    }
    return (unsigned long)((uint64_t)ticks * TICK_NS / MESSAGES);
}

void uart_receive_interrupt(void)
{
}

void uart_transmit_interrupt(void)
{
}

void ethernet_interrupt(void)
{
}

void ticks_interrupt(void)
{
}

int main(void)
{
    static char text[128];
    *SYST_RVR = SYST_BITS;
    *SYST_CVR = 0;
    *SYST_CSR = SYST_COUNTS;
    start_modem();
    if (!connect())
        board_exit(1, "not connected");
    unsigned long qos0 = published("AT+IMQTTPUB=t,0," PAYLOAD "\r");
    unsigned long qos1 = published("AT+IMQTTPUB=t,1," PAYLOAD "\r");
    unsigned long qos2 = published("AT+IMQTTPUB=t,2," PAYLOAD "\r");
    (void)snprintf(text, sizeof text, "qos0=%lu qos1=%lu qos2=%lu received=%lu", qos0, qos1, qos2,
                   received());
    board_exit(imqtt_modem_is_connected(modem) ? 0 : 1, text);
}
