/* utf8.h: the strings that MQTT allows [MQTT-1.5.3-1], [MQTT-1.5.3-2]. */
#ifndef CORE_BYTES_UTF8_H
#define CORE_BYTES_UTF8_H

#include "core/bytes/control_bytes.h"

/* Well-formed UTF-8: shortest forms only, no surrogates, at most U+10FFFF, and no U+0000. */
bool utf8_is_valid(struct span text);

/* Whether a valid text has a character that MQTT lets a broker hang up on [MQTT 3.1.1, 1.5.3]: a
 * control character (C0, DEL, C1) or a Unicode non-character. */
bool utf8_has_disputed(struct span text);

/* Whether a valid text could break a line of a terminal: a control character but for the tab,
 * U+2028 or U+2029. */
bool utf8_has_line_break(struct span text);

#endif
