/* own_address.h: the IPv4 address that the network has given the modem. */
#ifndef CORE_DIALECT_MODULE_OWN_ADDRESS_H
#define CORE_DIALECT_MODULE_OWN_ADDRESS_H

#include "core/modem/parts.h"

#define IPV4_BYTES 4

/* Of the ranges for private networks, another one for each modem. `last` tells contexts apart, and
 * the network's own addresses. */
void own_address_make(const struct imqtt_modem *modem, unsigned last, uint8_t bytes[IPV4_BYTES]);

/* 10.1.2.3: that of a context. */
void own_address_put(const struct imqtt_modem *modem, unsigned cid, struct out *out);

#endif
