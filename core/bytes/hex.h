/* hex.h: hex strings, two digits a byte, either case. */
#ifndef CORE_BYTES_HEX_H
#define CORE_BYTES_HEX_H

#include "core/bytes/out.h"

/* An even count of hex digits and nothing else; the empty string is valid. */
bool hex_is_valid(struct span text);

/* Writes the bytes that a valid hex string stands for: text.count / 2 of them. */
void hex_decode(struct span text, struct out *out);

#endif
