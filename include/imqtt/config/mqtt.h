/* mqtt.h: module.h with nothing but MQTT: any broker, no platform, no stored settings. */
#ifndef IMQTT_CONFIG_MQTT_H
#define IMQTT_CONFIG_MQTT_H

#define IMQTT_RAM_BYTES 8192 /* as in small.h */

#include "imqtt/config/module.h"

#define IMQTT_WITH_PROFILE      0
#define IMQTT_WITH_ALIYUN       0
#define IMQTT_WITH_RECONNECT    0
#define IMQTT_WITH_DETAILS      0
#define IMQTT_WITH_NEWS         0
#define IMQTT_WITH_OWN_COMMANDS 0

#define IMQTT_ID_MARKS 0

#endif
