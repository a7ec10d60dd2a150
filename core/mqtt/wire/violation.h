/* violation.h: what a broker did wrong, for AT+IMQTTERR?: the kind, and the details if they are built
 * in (imqtt/features.h). */
#ifndef CORE_MQTT_WIRE_VIOLATION_H
#define CORE_MQTT_WIRE_VIOLATION_H

#include "imqtt/features.h"

#if IMQTT_WITH_DETAILS
#define VIOLATION_DETAILS(text) ": " text
#else
#define VIOLATION_DETAILS(text)
#endif

/* Bytes that are no packet. */
#define MALFORMED(text) "malformed packet" VIOLATION_DETAILS(text)
/* A packet at a time at which a broker may not send it. */
#define VIOLATION(text) "protocol violation" VIOLATION_DETAILS(text)

#endif
