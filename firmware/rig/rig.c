#include "firmware/rig/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/board/board.h"
#include "firmware/board/uart.h"
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

static void obey(void)
{
    char *argument = strchr(line, ' ');
    uint32_t number = argument ? (uint32_t)strtoul(argument, NULL, 10) : 0;
    if (strncmp(line, "cut ", 4) == 0)
        flash_faults->operations_left = number;
    else if (strncmp(line, "worn ", 5) == 0)
        flash_faults->worn_sector = number;
    else if (strncmp(line, "chance ", 7) == 0)
        flash_faults->chance = number;
    else if (strncmp(line, "name ", 5) == 0)
        add_name(argument + 1);
    else if (strcmp(line, "reset") == 0)
        board_reset();
    else if (strcmp(line, "exit") == 0)
        board_exit(0, "the rig has ended it");
    if (strcmp(line, "figures") == 0)
        say_figures();
    else
        say("ok\n");
}

void rig_turn(void)
{
    size_t lent = arena_used(modem_arena);
    if (lent > most_lent)
        most_lent = lent;
    while (*STATE & RX_FULL) {
        char byte = (char)*DATA;
        if (byte != '\n' && length < sizeof line - 1) {
            line[length++] = byte;
        } else {
            line[length] = '\0';
            length = 0;
            obey();
        }
    }
}
