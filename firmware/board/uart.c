#include "firmware/board/uart.h"

#include <stdbool.h>

#include "firmware/board/board.h"

#define DATA     board_register(BOARD_UART0 + 0x00)
#define STATE    board_register(BOARD_UART0 + 0x04)
#define CONTROL  board_register(BOARD_UART0 + 0x08)
#define INTCLEAR board_register(BOARD_UART0 + 0x0c)
#define BAUDDIV  board_register(BOARD_UART0 + 0x10)

#define TX_FULL    (1u << 0)
#define RX_FULL    (1u << 1)
#define RX_OVERRUN (1u << 3)

#define ENABLE_BOTH  3u
#define TX_INTERRUPT (1u << 2)
#define RX_INTERRUPT (1u << 3)

#define SLOWEST_DIVISOR 0xfffffu
#define FASTEST_DIVISOR 16u

/* One side puts, the other takes; the counts run on for ever. */
struct queue {
    uint8_t bytes[512]; /* a power of two */
    volatile uint32_t put, taken;
};

static struct queue received, sent;
static volatile uint32_t overruns;
static volatile uint32_t to_lose;
static volatile uint32_t next_divisor; /* 0: it stays */

void uart_receive_interrupt(void);
void uart_transmit_interrupt(void);

static bool is_full(const struct queue *queue)
{
    return queue->put - queue->taken == sizeof queue->bytes;
}

static bool is_empty(const struct queue *queue)
{
    return queue->put == queue->taken;
}

static void put(struct queue *queue, uint8_t byte)
{
    queue->bytes[queue->put % sizeof queue->bytes] = byte;
    queue->put++;
}

static uint8_t take(struct queue *queue)
{
    uint8_t byte = queue->bytes[queue->taken % sizeof queue->bytes];
    queue->taken++;
    return byte;
}

static void receive(uint8_t byte)
{
    if (to_lose > 0) {
        to_lose--;
        overruns++;
        return;
    }
    put(&received, byte);
}

/* One byte an interrupt: the UART holds no more, and no loop here can last. */
void uart_receive_interrupt(void)
{
    *INTCLEAR = RX_INTERRUPT >> 2;
    if (*STATE & RX_OVERRUN) {
        overruns++;
        *STATE = RX_OVERRUN;
    }
    if (is_full(&received))
        *CONTROL &= ~RX_INTERRUPT; /* uart_consume() takes it up again */
    else if (*STATE & RX_FULL)
        receive((uint8_t)*DATA);
    board_wake();
}

static void send_next(void)
{
    if (*STATE & TX_FULL)
        return;
    if (!is_empty(&sent)) {
        *DATA = take(&sent);
    } else if (next_divisor) {
        *BAUDDIV = next_divisor;
        next_divisor = 0;
    }
}

void uart_transmit_interrupt(void)
{
    *INTCLEAR = TX_INTERRUPT >> 2;
    send_next();
    board_wake();
}

static uint32_t divisor_of(uint32_t baud)
{
    uint32_t divisor = (BOARD_CLOCK_HZ + baud / 2) / baud;
    if (divisor < FASTEST_DIVISOR)
        return FASTEST_DIVISOR;
    return divisor > SLOWEST_DIVISOR ? SLOWEST_DIVISOR : divisor;
}

void uart_start(uint32_t baud)
{
    *BAUDDIV = divisor_of(baud);
    *CONTROL = ENABLE_BOTH | TX_INTERRUPT | RX_INTERRUPT;
    board_enable_interrupt(BOARD_UART0_RX_IRQ);
    board_enable_interrupt(BOARD_UART0_TX_IRQ);
}

size_t uart_write(const uint8_t *bytes, size_t count)
{
    size_t written = 0;
    while (written < count && !is_full(&sent))
        put(&sent, bytes[written++]);
    board_hold_interrupts();
    send_next();
    board_release_interrupts();
    return written;
}

size_t uart_peek(const uint8_t **bytes)
{
    uint32_t start = received.taken % sizeof received.bytes, count = received.put - received.taken;
    uint32_t to_the_end = sizeof received.bytes - start;
    *bytes = received.bytes + start;
    return count < to_the_end ? count : to_the_end;
}

void uart_consume(size_t count)
{
    received.taken += (uint32_t)count;
    if (is_full(&received) || *CONTROL & RX_INTERRUPT)
        return;
    board_hold_interrupts();
    if (*STATE & RX_FULL) /* it came while nobody listened */
        put(&received, (uint8_t)*DATA);
    *CONTROL |= RX_INTERRUPT;
    board_release_interrupts();
}

void uart_change_baud(uint32_t baud)
{
    board_hold_interrupts();
    next_divisor = divisor_of(baud);
    send_next();
    board_release_interrupts();
}

uint32_t uart_overruns(void)
{
    return overruns;
}

void uart_lose(uint32_t count)
{
    to_lose = count;
}

uint32_t uart_taken(void)
{
    return received.taken;
}

uint32_t uart_given(void)
{
    return sent.put;
}
