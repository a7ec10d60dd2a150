/* control.h: bytes of a text that carry no text: those below 0x20, but for the tab, and DEL. */
#ifndef CORE_BYTES_CONTROL_H
#define CORE_BYTES_CONTROL_H

#include "core/bytes/span.h"

static inline bool is_control(uint8_t byte)
{
    return (byte < ' ' && byte != '\t') || byte == 0x7F;
}

/* The index of the first control byte, or text.count if there is none. */
size_t control_find(struct span text);

static inline bool has_control(struct span text)
{
    return control_find(text) < text.count;
}

#endif
