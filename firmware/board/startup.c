/* The vector table, and the way from reset to main(). */
#include <stddef.h>
#include <string.h>

#include "firmware/board/board.h"

#define PAINT 0xa5a5a5a5u

/* The linker's (sections.ld). */
extern uint32_t image_data_begin[], image_data_end[], image_data_load[];
extern uint32_t image_bss_begin[], image_bss_end[];
extern uint32_t image_stack_begin[], image_stack_end[];

int main(void);
void uart_receive_interrupt(void);
void uart_transmit_interrupt(void);
void ethernet_interrupt(void);
void ticks_interrupt(void);

void board_paint_stack(void)
{
    const uint32_t *here = __builtin_frame_address(0);
    for (uint32_t *word = image_stack_begin; word < here - 16; word++)
        *word = PAINT;
}

uint32_t board_stack_used(void)
{
    const uint32_t *word = image_stack_begin;
    while (word < image_stack_end && *word == PAINT)
        word++;
    return (uint32_t)(image_stack_end - word) * sizeof *word;
}

uint32_t board_stack_size(void)
{
    return (uint32_t)(image_stack_end - image_stack_begin) * sizeof(uint32_t);
}

static void reset(void)
{
    size_t data_words = (size_t)(image_data_end - image_data_begin);
    size_t bss_words = (size_t)(image_bss_end - image_bss_begin);
    memcpy(image_data_begin, image_data_load, data_words * sizeof(uint32_t));
    memset(image_bss_begin, 0, bss_words * sizeof(uint32_t));
    board_paint_stack();
    main();
    board_exit(1, "main() has returned");
}

static void fault(void)
{
    board_exit(1, "fault");
}

typedef void handler(void);

#define FIRST_IRQ 16

__attribute__((section(".vectors"), used)) handler *const vectors[FIRST_IRQ + BOARD_IRQS] = {
    [0] = (handler *)image_stack_end,
    [1] = reset,
    [2 ... 6] = fault, /* NMI, hard, memory, bus and usage fault */
    [15] = ticks_interrupt,
    [FIRST_IRQ + BOARD_UART0_RX_IRQ] = uart_receive_interrupt,
    [FIRST_IRQ + BOARD_UART0_TX_IRQ] = uart_transmit_interrupt,
    [FIRST_IRQ + BOARD_ETHERNET_IRQ] = ethernet_interrupt,
};
