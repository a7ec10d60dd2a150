/* control.h: bytes of a line that carry no text (commands.md section 1).
 *
 * A control byte is one below 0x20, or DEL; the tab is not one. Outside quotes they are ignored,
 * inside quotes they are an error.
 */
#ifndef CORE_AT_CONTROL_H
#define CORE_AT_CONTROL_H

#include "core/bytes/span.h"

static inline bool is_control(uint8_t byte)
{
    return (byte < ' ' && byte != '\t') || byte == 0x7F;
}

/* Spaces and tabs, and what is ignored like them: control bytes. */
static inline bool is_blank(uint8_t byte)
{
    return byte <= ' ' || byte == 0x7F;
}

/* The index of the first control byte, or text.count if there is none. */
size_t control_find(struct span text);

/* Takes the control bytes outside quotes out of a text, in place: what follows them moves up, and
 * spaces fill the end. false if one stands inside quotes; those stay. */
bool control_drop(uint8_t *bytes, size_t count);

#endif
