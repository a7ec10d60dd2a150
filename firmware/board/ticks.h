/* ticks.h: milliseconds since reset, from SysTick. */
#ifndef FIRMWARE_TICKS_H
#define FIRMWARE_TICKS_H

#include <stdint.h>

void ticks_start(void);
uint64_t ticks_ms(void);

#endif
