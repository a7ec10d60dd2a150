/* hex_bytes.h: the bytes of an at event. */
#ifndef IMQTTCTL_HEX_BYTES_H
#define IMQTTCTL_HEX_BYTES_H

#include <jansson.h>
#include <stdint.h>

/* Allocated; free it. NULL: the event has no good "hex". */
uint8_t *hex_bytes_of(const json_t *event, size_t *count);

#endif
