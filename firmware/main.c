/* The modem as firmware: its loop, between the UART and lwIP. */
#include <stdalign.h>
#include <string.h>

#include "examples/firmware/arena.h"
#include "firmware/board/board.h"
#include "firmware/board/ticks.h"
#include "firmware/board/uart.h"
#include "firmware/net/lwip_link.h"
#include "firmware/net/link_tls.h"
#include "firmware/net/netif_ethernet.h"
#include "firmware/port/random.h"
#include "firmware/port/settings_flash.h"
#include "firmware/rig/rig.h"
#include "firmware/rig/scene.h"
#include "imqtt/inspect.h"

/* Of lwIP: lets Mbed TLS take its memory from lwIP's heap. */
#include "altcp_tls_mbedtls_mem.h"

#define FIRST_BAUD 115200

extern uint32_t image_store[]; /* the linker's */

static alignas(max_align_t) uint8_t memory[IMQTT_RAM_BYTES];
static struct arena arena;
static struct lwip_link broker;
static struct settings_flash settings;
static struct flash_faults faults;
static struct flash flash;

void lwip_stops(const char *why)
{
    board_exit(1, why);
}

/* Ports, and the ids of questions: without a seed they can be guessed, and TLS is refused anyway. */
uint32_t lwip_random(void)
{
    static uint32_t guessable = 1;
    uint32_t number;
    struct imqtt_crypto_port crypto = random_crypto_port();
    if (crypto.random(crypto.context, (uint8_t *)&number, sizeof number))
        return number;
    guessable = guessable * 1664525 + 1013904223 + (uint32_t)ticks_ms();
    return guessable;
}

static size_t write_uart(void *context, const uint8_t *bytes, size_t count)
{
    (void)context;
    return uart_write(bytes, count);
}

static void configure_uart(void *context, uint32_t baud, bool rts_cts)
{
    (void)context, (void)rts_cts; /* this board's UART has no RTS and CTS */
    if (baud > 0)
        uart_change_baud(baud);
}

static struct imqtt_modem *make_modem(const struct imqtt_options *options, bool has_store)
{
    size_t modem_bytes = (imqtt_modem_bytes() + 7) / 8 * 8;
    arena = arena_on(memory + modem_bytes, sizeof memory - modem_bytes);
    settings = settings_flash_on(&flash);
    struct imqtt_ports ports = {
        .terminal = {NULL, write_uart, configure_uart},
        .network = lwip_link_port(&broker),
        .memory = arena_port(&arena),
        .crypto = random_crypto_port(),
    };
    if (has_store)
        ports.store = settings_flash_port(&settings);
    return imqtt_modem_init(memory, &ports, options, scene_now_ms(NULL));
}

static void start(void)
{
    faults = (struct flash_faults){
        .flash = flash_in_ram(image_store, SETTINGS_FLASH_SECTORS),
        .worn_sector = SIZE_MAX,
        .power_off = board_reset,
    };
    flash = flash_with_faults(&faults);
    ticks_start();
    uart_start(FIRST_BAUD);
    altcp_mbedtls_mem_init();
    random_start(&flash);
    netif_ethernet_start();
    rig_start(&faults, &arena);
}

/* What the host typed, as far as the modem takes it. */
static void read_uart(struct imqtt_modem *modem, uint64_t now_ms)
{
    const uint8_t *bytes;
    size_t count, used;
    do {
        count = uart_peek(&bytes);
        used = imqtt_modem_terminal_input(modem, bytes, count, now_ms);
        uart_consume(used);
    } while (used > 0);
}

static void turn(struct imqtt_modem *modem)
{
    uint64_t now_ms = scene_now_ms(modem);
    netif_ethernet_turn();
    link_tls_set_time(imqtt_modem_unix_time_ms(modem, now_ms));
    lwip_link_turn(&broker, modem, now_ms);
    settings_flash_turn(&settings, modem, now_ms);
    read_uart(modem, now_ms);
    if (now_ms >= imqtt_modem_next_deadline(modem))
        imqtt_modem_tick(modem, now_ms);
    imqtt_modem_flush(modem, now_ms);
    rig_turn(modem, settings.loads || settings.saves);
}

int main(void)
{
    start();
    struct imqtt_options options = {.boot_urcs = true, .baud = FIRST_BAUD};
    bool has_store = true;
    struct imqtt_modem *modem = make_modem(&options, has_store);
    for (;;) {
        turn(modem);
        if (scene_begins(&options, &has_store)) {
            imqtt_modem_end(modem);
            modem = make_modem(&options, has_store);
        }
        board_sleep();
    }
}
