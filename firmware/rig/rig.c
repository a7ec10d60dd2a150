#include "firmware/rig/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/board/board.h"
#include "firmware/board/uart.h"
#include "firmware/rig/scene.h"
#include "lwip/dns.h"
#include "lwip/stats.h"

#define DATA    board_register(BOARD_UART1 + 0x00)
#define STATE   board_register(BOARD_UART1 + 0x04)
#define CONTROL board_register(BOARD_UART1 + 0x08)
#define BAUDDIV board_register(BOARD_UART1 + 0x10)

#define TX_FULL 1u
#define RX_FULL 2u

static struct flash_faults *flash_faults;
static const struct arena *modem_arena;
static char line[64];
static size_t length;
static size_t most_lent;
static bool is_store_asked;

void rig_start(struct flash_faults *faults, const struct arena *arena)
{
    flash_faults = faults;
    modem_arena = arena;
    *BAUDDIV = BOARD_CLOCK_HZ / 115200;
    *CONTROL = 3; /* both directions, and no interrupts: the clock's tick is often enough */
}

static void say(const char *text)
{
    for (; *text; text++) {
        while (*STATE & TX_FULL) {
        }
        *DATA = (uint8_t)*text;
    }
}

static void say_figures(void)
{
    char text[160];
    snprintf(text, sizeof text, "stack=%lu/%lu arena=%u/%u heap=%u/%u overruns=%lu\n",
             (unsigned long)board_stack_used(), (unsigned long)board_stack_size(),
             (unsigned)most_lent, (unsigned)modem_arena->count, (unsigned)lwip_stats.mem.max,
             (unsigned)MEM_SIZE, (unsigned long)uart_overruns());
    say(text);
}

/* "NAME ADDRESS" */
static void add_name(char *name)
{
    ip_addr_t address;
    char *space = strchr(name, ' ');
    if (space == NULL || !ipaddr_aton(space + 1, &address))
        return;
    *space = '\0';
    dns_local_addhost(name, &address);
}

/* What came in and went out since the board started, and what is still to happen by itself. */
static void say_counts(void)
{
    char text[64];
    snprintf(text, sizeof text, "taken=%lu given=%lu left=%lu asked=%d\n",
             (unsigned long)uart_taken(), (unsigned long)uart_given(),
             (unsigned long)scene_left_ms(), is_store_asked);
    say(text);
}

static void erase_flash(void)
{
    for (size_t sector = 0; sector < flash_faults->flash.sectors; sector++)
        flash_faults->flash.erase(flash_faults->flash.context, sector);
}

/* ---- its lines ------------------------------------------------------------------------------- */

/* The argument is "" where there is none. */
typedef void order(char *argument, struct imqtt_modem *modem);

static void order_cut(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    flash_faults->operations_left = (uint32_t)strtoul(argument, NULL, 10);
}

static void order_worn(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    flash_faults->worn_sector = (uint32_t)strtoul(argument, NULL, 10);
}

static void order_chance(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    flash_faults->chance = (uint32_t)strtoul(argument, NULL, 10);
}

static void order_lose(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    uart_lose((uint32_t)strtoul(argument, NULL, 10));
}

static void order_name(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    add_name(argument);
}

static void order_erase(char *argument, struct imqtt_modem *modem)
{
    (void)argument, (void)modem;
    erase_flash();
}

static void order_paint(char *argument, struct imqtt_modem *modem)
{
    (void)argument, (void)modem;
    board_paint_stack();
}

static void order_modem(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    scene_ask(argument);
}

static void order_pass(char *argument, struct imqtt_modem *modem)
{
    (void)modem;
    scene_pass_ms((uint32_t)strtoul(argument, NULL, 10));
}

static void order_radio(char *argument, struct imqtt_modem *modem)
{
    scene_change_radio(modem, argument);
}

static void order_reset(char *argument, struct imqtt_modem *modem)
{
    (void)argument, (void)modem;
    board_reset();
}

static void order_exit(char *argument, struct imqtt_modem *modem)
{
    (void)argument, (void)modem;
    board_exit(0, "the rig has ended it");
}

static const struct {
    const char *word;
    order *obey;
} orders[] = {
    {"cut", order_cut},   {"worn", order_worn},   {"chance", order_chance}, {"lose", order_lose},
    {"name", order_name}, {"erase", order_erase}, {"paint", order_paint},   {"modem", order_modem},
    {"pass", order_pass}, {"radio", order_radio}, {"reset", order_reset},   {"exit", order_exit},
};

static void obey(struct imqtt_modem *modem)
{
    char *space = strchr(line, ' ');
    char *argument = space != NULL ? space + 1 : line + strlen(line);
    if (space != NULL)
        *space = '\0';
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (strcmp(line, orders[i].word) == 0)
            orders[i].obey(argument, modem);
    if (strcmp(line, "figures") == 0)
        say_figures();
    else if (strcmp(line, "counts") == 0)
        say_counts();
    else
        say("ok\n");
}

/* A line a turn: between two answers the modem has had a whole one. */
void rig_turn(struct imqtt_modem *modem, bool store_is_asked)
{
    size_t lent = arena_used(modem_arena);
    if (lent > most_lent)
        most_lent = lent;
    is_store_asked = store_is_asked;
    while (*STATE & RX_FULL) {
        char byte = (char)*DATA;
        if (byte == '\n') {
            line[length] = '\0';
            length = 0;
            obey(modem);
            return;
        }
        if (length < sizeof line - 1)
            line[length++] = byte;
    }
}
