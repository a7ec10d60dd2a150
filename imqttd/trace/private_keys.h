/* private_keys.h: private keys in PEM, which a host brings as data (AT+IMQTTCERT, AT+QFUPL): lines
 * between a BEGIN and an END. */
#ifndef IMQTTD_TRACE_PRIVATE_KEYS_H
#define IMQTTD_TRACE_PRIVATE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No module takes a larger file: a key that never ends hides no more than that. */
#define PRIVATE_KEY_BYTES 16384

/* Replaces what there is of a key in one line by '*'; line ends stay. true: there was some.
 * is_inside: the line before was part of one, too. */
bool private_key_star(uint8_t *line, size_t count, bool is_inside);

/* The line behind this one is part of it. */
bool private_key_goes_on(const uint8_t *line, size_t count, bool is_inside);

#endif
