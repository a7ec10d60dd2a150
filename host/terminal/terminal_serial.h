/* terminal_serial.h: a serial port. One that is missing or vanishes is tried again every second. */
#ifndef HOST_TERMINAL_TERMINAL_SERIAL_H
#define HOST_TERMINAL_TERMINAL_SERIAL_H

#include "host/modem/host_parts.h"
#include "host/modem/modem_config.h"

/* Starts the modem on it; the port itself may come later. device must live as long as host. NULL,
 * or why not: static text. */
bool terminal_serial_open(struct host *host, const char *device, uint32_t baud,
                          const struct modem_config *config, struct host_refusal *refusal);

#endif
