/* mqtt.h: module.h with nothing but MQTT: any broker, no platform, no stored settings. */
#ifndef IMQTT_CONFIG_MQTT_H
#define IMQTT_CONFIG_MQTT_H

#include "imqtt/config/module.h"

#define IMQTT_WITH_PROFILE 0
#define IMQTT_WITH_ALIYUN  0
#define IMQTT_WITH_DETAILS 0

#endif
