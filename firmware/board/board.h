/* board.h: where things are on the boards that the image runs on: Arm's MPS2 with the FPGA images
 * AN385 (Cortex-M3), AN386 (M4) and AN505 (M33, whose secure side everything runs on).
 */
#ifndef FIRMWARE_BOARD_H
#define FIRMWARE_BOARD_H

#include <stdint.h>

#if defined BOARD_MPS2_AN505
#define BOARD_CLOCK_HZ     20000000u
#define BOARD_UART0        0x50200000u
#define BOARD_UART1        0x50201000u
#define BOARD_UART0_RX_IRQ 32
#define BOARD_UART0_TX_IRQ 33
#define BOARD_ETHERNET     0x52000000u
#define BOARD_ETHERNET_IRQ 48
#elif defined BOARD_MPS2_AN385 || defined BOARD_MPS2_AN386
#define BOARD_CLOCK_HZ     25000000u
#define BOARD_UART0        0x40004000u
#define BOARD_UART1        0x40005000u
#define BOARD_UART0_RX_IRQ 0
#define BOARD_UART0_TX_IRQ 1
#define BOARD_ETHERNET     0x40200000u
#define BOARD_ETHERNET_IRQ 13
#else
#error "which board? -DBOARD_MPS2_AN385, _AN386 or _AN505"
#endif

#define BOARD_IRQS 64 /* external interrupts that the vector table has room for */

static inline volatile uint32_t *board_register(uint32_t address)
{
    return (volatile uint32_t *)(uintptr_t)address;
}

void board_enable_interrupt(unsigned irq);

/* Interrupts are held back between the two. They do not nest. */
static inline void board_hold_interrupts(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

static inline void board_release_interrupts(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

/* An interrupt handler has something for the loop: the next sleep ends at once. */
void board_wake(void);

/* Sleeps until an interrupt has called board_wake() since the last sleep. The clock's tick does. */
void board_sleep(void);

/* Starts the machine again, as its reset line would. What lies in RAM behind the image stays. */
_Noreturn void board_reset(void);

/* Ends the machine, with a line for whoever watches: QEMU's exit status is 0 if all is well. */
_Noreturn void board_exit(int status, const char *last_words);

/* Marks what of the stack is not in use now, as the start does. */
void board_paint_stack(void);

/* The deepest that the stack has been since it was painted, and how deep it may be, bytes. */
uint32_t board_stack_used(void);
uint32_t board_stack_size(void);

#endif
