/* image_config.h: the modem in this image: every command, with the limits of a small firmware. */
#ifndef FIRMWARE_IMAGE_CONFIG_H
#define FIRMWARE_IMAGE_CONFIG_H

/* What its memory port owns, bytes (docs/firmware.md says how to choose). */
#define IMQTT_RAM_BYTES 16384

#include "imqtt/config/small.h"

#endif
