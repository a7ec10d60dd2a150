/* module.h: small.h without what a real module has of its own: its radio, its name, its clock, its
 * line to the host. */
#ifndef IMQTT_CONFIG_MODULE_H
#define IMQTT_CONFIG_MODULE_H

#ifndef IMQTT_RAM_BYTES
#define IMQTT_RAM_BYTES 9216 /* as in small.h */
#endif

#include "imqtt/config/small.h"

#define IMQTT_WITH_RADIO    0
#define IMQTT_WITH_IDENTITY 0
#define IMQTT_WITH_CLOCK    0
#define IMQTT_WITH_SERIAL   0

#endif
