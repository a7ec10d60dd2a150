/* imqtt_config.h: the limits and families of commands of this project (docs/firmware.md of the pack).
 * Begin from one of those in imqtt/config, or set each yourself. */
#ifndef IMQTT_CONFIG_OF_THE_PROJECT_H
#define IMQTT_CONFIG_OF_THE_PROJECT_H

#include "imqtt/config/mqtt.h"

#endif
