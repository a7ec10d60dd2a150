/* radio_urcs.h: what a host has asked to be told of the network: +CREG, +CGREG, +CEREG. */
#ifndef CORE_DIALECT_MODULE_RADIO_URCS_H
#define CORE_DIALECT_MODULE_RADIO_URCS_H

#include "core/modem/parts.h"

/* <AcT> of 27.007: E-UTRAN */
#define RADIO_TECHNOLOGY "7"

/* "+CREG: " and its kin. */
const char *radio_domain_prefix(enum radio_domain domain);

/* <stat>[,"<lac>","<ci>",<AcT>]: the place if `mode` is 2 and there is a registration. */
void put_network_registration(const struct radio *radio, enum radio_domain domain, uint8_t mode,
                              struct out *out);

/* A URC for each domain that has changed and is to be reported. */
void say_radio_change(struct imqtt_modem *modem, const struct radio_change *change);

#endif
