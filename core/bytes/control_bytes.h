/* control_bytes.h: control bytes in a text: those of is_control(). */
#ifndef CORE_BYTES_CONTROL_BYTES_H
#define CORE_BYTES_CONTROL_BYTES_H

#include "core/bytes/ascii.h"
#include "core/bytes/span.h"

/* Whether every byte is a letter, a digit, a sign or a space of ASCII. */
bool text_is_printable(struct span text);

/* The index of the first control byte, or text.count if there is none. */
size_t control_find(struct span text);

static inline bool has_control(struct span text)
{
    return control_find(text) < text.count;
}

#endif
