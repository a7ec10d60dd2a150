/* mqtt.h: module.h with nothing but MQTT: any broker, no platform, no stored settings. */
#ifndef IMQTT_CONFIG_MQTT_H
#define IMQTT_CONFIG_MQTT_H

#include "imqtt/config/module.h"

/* What a modem takes in all: itself, and what its memory port needs to own. The core does not look
 * at it: the port refuses what does not fit, and the tests play their transcripts in it. */
#define IMQTT_RAM_BYTES 8192

#define IMQTT_WITH_PROFILE   0
#define IMQTT_WITH_ALIYUN    0
#define IMQTT_WITH_RECONNECT 0
#define IMQTT_WITH_DETAILS   0
#define IMQTT_WITH_NEWS      0

#define IMQTT_ID_MARKS 0

#endif
