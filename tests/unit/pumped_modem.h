/* pumped_modem.h: a modem behind a pump for tests, with one client or two: the terminal is seen_terminal's, the
 * network takes everything, and asks and closes are the test's to look at. One a test program. */
#ifndef TESTS_UNIT_PUMPED_MODEM_H
#define TESTS_UNIT_PUMPED_MODEM_H

#include <stdlib.h>

#include "imqtt/clients.h"
#include "imqtt/pump.h"
#include "tests/unit/lender.h"
#include "tests/unit/seen_terminal.h"

#define ROUNDS 4

static struct lender lender, second_lender;
static struct imqtt_modem *modem;
static struct imqtt_pump pump;
static struct imqtt_pump_stream second_stream;
static unsigned opened[2]; /* how often each client asked for a connection */

static inline void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    unsigned *client = context;
    (void)host, (void)port, (void)tls;
    ++*client;
}

static inline void close_network(void *context)
{
    const unsigned *client = context;
    imqtt_pump_client_closed(&pump, (uint8_t)(client - opened));
}

static inline void settle(void)
{
    while (imqtt_pump_settle(&pump, ROUNDS, 0)) {
    }
}

/* What it says at start is not seen. */
static inline void switch_on(const struct imqtt_dialect *dialect, uint8_t clients)
{
    static struct imqtt_client_ports second;
    const struct imqtt_options options = {.dialect = dialect,
                                          .echo_off = true,
                                          .error_form = 1,
                                          .clients = clients,
                                          .client_ports = &second};
    const struct imqtt_network_port network = {opened, open_network, write_network, close_network};
    lender_init(&lender);
    lender_init(&second_lender);
    second = (struct imqtt_client_ports){.network = network, .memory = second_lender.port};
    second.network.context = opened + 1;
    const struct imqtt_ports ports = {
        .terminal = {NULL, write_terminal, NULL}, .network = network, .memory = lender.port};
    opened[0] = opened[1] = 0;
    room = SIZE_MAX;
    void *memory = malloc(imqtt_modem_bytes());
    imqtt_pump_init(&pump, memory, &lender.port);
    if (clients > 1)
        imqtt_pump_add_client(&pump, &second_stream, &second_lender.port);
    modem = imqtt_modem_init(memory, &ports, &options, 0);
    settle();
    seen[0] = '\0';
}

static inline int end(void **state)
{
    (void)state;
    imqtt_modem_end(modem);
    imqtt_pump_end(&pump);
    free(modem);
    return lender.blocks + second_lender.blocks == 0 ? 0 : -1;
}

static inline bool typed(const char *text)
{
    return imqtt_pump_typed(&pump, (const uint8_t *)text, strlen(text), 0);
}

static inline bool receive(uint8_t client, const void *bytes, size_t count)
{
    return imqtt_pump_client_received(&pump, client, bytes, count, 0);
}

/* The terminal takes nothing, and as much waits for it that the modem takes nothing in. */
static inline void fill_terminal(void)
{
    room = 0;
    while (imqtt_modem_wants(modem).terminal_input)
        assert_true(typed("AT&V\r"));
}

static inline void drain_terminal(void)
{
    room = SIZE_MAX;
    settle();
}

#endif
