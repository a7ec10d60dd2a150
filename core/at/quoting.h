/* quoting.h: quotes, read and written, and what they protect (commands.md sections 1 and 2).
 *
 * A quote opens a string only where a parameter begins (or anywhere in JSON, which has strings of
 * its own). Inside, \" is a quote and \\ a backslash; any other backslash stands for itself. In an
 * unquoted parameter a quote and a backslash stand for themselves.
 */
#ifndef CORE_AT_QUOTING_H
#define CORE_AT_QUOTING_H

#include "core/bytes/out.h"

/* ---- reading -------------------------------------------------------------------------------- */

/* The index of the quote that closes the string that text begins with, or text.count. */
size_t quoting_find_closing(struct span text);

/* The index of the first `;` outside strings, or of the end; text begins where a parameter does. */
size_t quoting_find_separator(struct span text);

/* A string as typed: escapes are still in it when it was quoted. A backslash before " or \ never
 * changes whether a topic is valid, so checks may look at `raw`. */
struct text {
    struct span raw;
    size_t escapes; /* backslashes that text_put() leaves out */
};

#define TEXT_EMPTY ((struct text){SPAN_EMPTY, 0})

/* What stood between quotes. */
struct text quoting_text(struct span between);

static inline size_t text_bytes(struct text text)
{
    return text.raw.count - text.escapes;
}

/* text_put(), where there are escapes. */
void text_put_unescaped(struct text text, struct out *out);

/* Writes the string without its escapes: text_bytes() bytes. */
static inline void text_put(struct text text, struct out *out)
{
    if (text.escapes == 0)
        out_span(out, text.raw);
    else
        text_put_unescaped(text, out);
}

/* ---- control bytes -------------------------------------------------------------------------- */

/* Takes the control bytes out of a parameter that does not begin with a quote, in place: what
 * follows them moves up, and spaces fill the end. false if one stands where none may: in a string
 * of JSON, or behind a quote of a bare parameter. */
bool quoting_clean(uint8_t *bytes, size_t count, bool is_json);

/* ---- writing -------------------------------------------------------------------------------- */

/* A string in a read answer: bare where it could be typed bare, else quoted and escaped. */
void quoting_put_string(struct out *out, struct span string);

/* The bytes with a backslash before each " and \, for a string between quotes. */
void quoting_put_escaped(struct out *out, struct span string);

#endif
