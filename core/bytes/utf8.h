/* utf8.h: the strings that MQTT allows [MQTT-1.5.3-1], [MQTT-1.5.3-2]. */
#ifndef CORE_BYTES_UTF8_H
#define CORE_BYTES_UTF8_H

#include "core/bytes/span.h"

/* Well-formed UTF-8: shortest forms only, no surrogates, at most U+10FFFF, and no U+0000. */
bool utf8_is_valid(struct span text);

#endif
