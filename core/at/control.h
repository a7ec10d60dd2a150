/* control.h: control bytes in a line: outside quotes they are ignored, inside quotes they are an
 * error (commands.md section 1). */
#ifndef CORE_AT_CONTROL_H
#define CORE_AT_CONTROL_H

#include "core/bytes/control.h"

/* Spaces and tabs, and what is ignored like them: control bytes. */
static inline bool is_blank(uint8_t byte)
{
    return byte <= ' ' || byte == 0x7F;
}

/* Takes the control bytes outside quotes out of a text, in place: what follows them moves up, and
 * spaces fill the end. false if one stands inside quotes; those stay. */
bool control_drop(uint8_t *bytes, size_t count);

#endif
