/* terminal.h: output on its way to the host, and the line it goes over: AT+IPR and AT+IFC change it
 * behind the final result of their command line (V.250 6.2.10, 6.2.12). */
#ifndef CORE_DEVICE_TERMINAL_H
#define CORE_DEVICE_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

struct imqtt_modem;

#define TERMINAL_BAUD_DEFAULT 115200 /* of a terminal that has no speed */

enum terminal_change {
    TERMINAL_STAYS,
    TERMINAL_IS_ASKED, /* once the command line has its final result */
    TERMINAL_IS_DUE,   /* once the host has it */
};

struct terminal {
    uint32_t baud;
    bool rts_cts;
    enum terminal_change change;
    uint64_t due_position; /* in the output */
};

struct terminal terminal_from(uint32_t baud, bool rts_cts);

/* The line is to be so from the end of this command line on. */
void terminal_configure(struct imqtt_modem *modem, uint32_t baud, bool rts_cts);

/* The final result of a command line is in the output. */
void terminal_end_line(struct imqtt_modem *modem);

/* Hands over what waits, as much as the port takes. */
void terminal_write(struct imqtt_modem *modem);

#endif
