/* tap.h: somebody who sees the plain bytes of a modem, both ways on both its sides: a trace, a
 * control interface. A modem has one tap or none.
 *
 * The bytes are as they passed: what the host typed, secrets included, and what it got; MQTT as the
 * modem wrote and read it, whether with TLS or without. They are valid during the call, and the tap
 * must not call the modem from within. A function may be NULL.
 */
#ifndef HOST_MODEM_TAP_H
#define HOST_MODEM_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host_modem;
struct terminal;

struct tap {
    void *context;
    void (*uart)(void *context, struct host_modem *modem, bool from_host, const uint8_t *bytes,
                 size_t count);
    /* Of the broker of that client of the modem's: imqtt/clients.h. */
    void (*broker)(void *context, struct host_modem *modem, uint8_t client, bool from_broker,
                   const uint8_t *bytes, size_t count);
};

/* The decorator that shows the tap what passes the terminal. NULL: no memory. */
struct terminal *tap_terminal_new(const struct tap *tap);

#endif
