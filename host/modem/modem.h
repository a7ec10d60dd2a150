/* modem.h: one modem of the program: the core between a terminal and the network.
 *
 * All that happens to it in a turn of the loop is followed by one flush, one look at what it wants
 * next and at its deadline. It ends only there, so it can be used freely within a turn.
 */
#ifndef HOST_MODEM_MODEM_H
#define HOST_MODEM_MODEM_H

#include "host/modem/host.h"
#include "host/terminal/terminal.h"

struct host_modem;

/* Takes the terminal over, which ends with it. NULL: no memory, and the terminal is ended. */
struct host_modem *host_modem_new(struct host *host, struct terminal *terminal);

/* Bytes from the terminal; what cannot be used yet is kept. */
void host_modem_typed(struct host_modem *modem, const uint8_t *bytes, size_t count);

/* The terminal has room again, or something else changed: it is settled at the end of this turn. */
void host_modem_touch(struct host_modem *modem);

/* The terminal is gone for good: the modem is switched off at the end of this turn, without a
 * DISCONNECT. */
void host_modem_switch_off(struct host_modem *modem);

/* Everything typed was used, nothing is under way and all output was taken. */
bool host_modem_is_idle(const struct host_modem *modem);

/* For how long nothing has come from or gone to the broker, ms; UINT64_MAX without a connection. */
uint64_t host_modem_quiet_ms(const struct host_modem *modem);

/* Ends the connection with DISCONNECT and then itself; at once if there is none. */
void host_modem_shut_down(struct host_modem *modem);

/* Ends it now. Not from within a call of its terminal or network. */
void host_modem_end(struct host_modem *modem);

struct host_modem *host_modem_next(const struct host_modem *modem);

#endif
