/* What every Cortex-M has: its interrupt controller, sleep, reset, and a debugger's ear. */
#include <stdbool.h>
#include <string.h>

#include "firmware/board/board.h"

#define NVIC_ENABLE    0xe000e100u
#define SCB_AIRCR      0xe000ed0cu
#define AIRCR_KEY      0x05fa0000u
#define SYSRESETREQ    (1u << 2)
#define SYS_WRITE0     0x04u
#define SYS_EXIT_EXT   0x20u
#define EXIT_BY_ITSELF 0x20026u /* ADP_Stopped_ApplicationExit */

static volatile bool woken;

void board_enable_interrupt(unsigned irq)
{
    *board_register(NVIC_ENABLE + irq / 32 * 4) = 1u << irq % 32;
}

void board_wake(void)
{
    woken = true;
}

void board_sleep(void)
{
    board_hold_interrupts(); /* an interrupt now ends wfi, and is served behind it */
    if (!woken)
        __asm volatile("dsb\n\twfi" ::: "memory");
    woken = false;
    board_release_interrupts();
}

void board_reset(void)
{
    __asm volatile("dsb" ::: "memory");
    *board_register(SCB_AIRCR) = AIRCR_KEY | SYSRESETREQ;
    for (;;) {
    }
}

static void ask_debugger(uint32_t operation, const void *parameter)
{
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = parameter;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_exit(int status, const char *last_words)
{
    const uint32_t reason[2] = {EXIT_BY_ITSELF, (uint32_t)status};
    ask_debugger(SYS_WRITE0, last_words);
    ask_debugger(SYS_WRITE0, "\n");
    ask_debugger(SYS_EXIT_EXT, reason);
    for (;;) {
    }
}
