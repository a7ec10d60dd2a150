/* cc.h: what lwIP asks of the compiler and the machine. */
#ifndef FIRMWARE_CC_H
#define FIRMWARE_CC_H

#include <stdint.h>

#define LWIP_NO_INTTYPES_H 1
#define LWIP_PLATFORM_DIAG(text)

_Noreturn void lwip_stops(const char *why);
uint32_t lwip_random(void);

#define LWIP_PLATFORM_ASSERT(why) lwip_stops(why)
#define LWIP_RAND()               lwip_random()

#endif
