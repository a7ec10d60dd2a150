/* uart.h: the host's line: CMSDK's UART 0, by interrupts, with a queue each way.
 *
 * When the queue of what came is full, nothing more is taken out of the UART: a board with hardware
 * flow control drops RTS then, one without loses bytes, which uart_overruns() counts.
 */
#ifndef FIRMWARE_UART_H
#define FIRMWARE_UART_H

#include <stddef.h>
#include <stdint.h>

void uart_start(uint32_t baud);

/* Queues up to count bytes; how many. */
size_t uart_write(const uint8_t *bytes, size_t count);

/* What came, oldest first, as far as it lies in one piece; valid until uart_consume(). */
size_t uart_peek(const uint8_t **bytes);
void uart_consume(size_t count);

/* From the moment on at which all that is queued has left. */
void uart_change_baud(uint32_t baud);

uint32_t uart_overruns(void);

/* For tests: so many of the bytes to come are lost, as an overrun loses them. QEMU's UART never does. */
void uart_lose(uint32_t count);

/* Bytes that were consumed, and queued, since the start. */
uint32_t uart_taken(void);
uint32_t uart_given(void);

#endif
