#include "firmware/board/ticks.h"

#include "firmware/board/board.h"

#define SYST_CSR  0xe000e010u
#define SYST_RVR  0xe000e014u
#define SYST_CVR  0xe000e018u
#define ENABLE    (1u << 0)
#define TICKINT   (1u << 1)
#define CPU_CLOCK (1u << 2)

void ticks_interrupt(void);

static volatile uint64_t elapsed_ms;

void ticks_interrupt(void)
{
    elapsed_ms++;
    board_wake();
}

void ticks_start(void)
{
    *board_register(SYST_RVR) = BOARD_CLOCK_HZ / 1000 - 1;
    *board_register(SYST_CVR) = 0;
    *board_register(SYST_CSR) = ENABLE | TICKINT | CPU_CLOCK;
}

/* Two words: read again if the interrupt came between them. */
uint64_t ticks_ms(void)
{
    uint64_t first, second = elapsed_ms;
    do {
        first = second;
        second = elapsed_ms;
    } while (first != second);
    return second;
}
