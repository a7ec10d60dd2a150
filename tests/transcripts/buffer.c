#include "tests/transcripts/buffer.h"

#include <ctype.h>
#include <stdlib.h>

#define SHOWN_BYTES 240 /* of a long text, half from either end */

static void make_room(struct buffer *buffer, size_t count)
{
    if (buffer->start + buffer->count + count <= buffer->capacity)
        return;
    if (buffer->count > 0)
        memmove(buffer->block, buffer->block + buffer->start, buffer->count);
    buffer->start = 0;
    buffer->capacity = 2 * (buffer->count + count);
    buffer->block = realloc(buffer->block, buffer->capacity);
    if (buffer->block == NULL)
        abort();
}

void buffer_put(struct buffer *buffer, struct span bytes)
{
    if (bytes.count == 0)
        return;
    make_room(buffer, bytes.count);
    memcpy(buffer->block + buffer->start + buffer->count, bytes.bytes, bytes.count);
    buffer->count += bytes.count;
}

void buffer_put_text(struct buffer *buffer, const char *text)
{
    buffer_put(buffer, span_text(text));
}

void buffer_put_u8(struct buffer *buffer, uint8_t byte)
{
    buffer_put(buffer, span_of(&byte, 1));
}

void buffer_put_u16(struct buffer *buffer, uint16_t number)
{
    buffer_put_u8(buffer, (uint8_t)(number >> 8));
    buffer_put_u8(buffer, (uint8_t)number);
}

void buffer_take(struct buffer *buffer, size_t count)
{
    buffer->count -= count;
    buffer->start = buffer->count > 0 ? buffer->start + count : 0;
}

void buffer_clear(struct buffer *buffer)
{
    buffer->start = buffer->count = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->block);
    *buffer = BUFFER_EMPTY;
}

struct span buffer_span(const struct buffer *buffer)
{
    return buffer->count > 0 ? span_of(buffer->block + buffer->start, buffer->count) : SPAN_EMPTY;
}

/* ---- escapes ------------------------------------------------------------------------------- */

static bool take_hex_digit(struct span *text, unsigned *value)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t byte = 0;
    if (!span_take_u8(text, &byte) || !isxdigit(byte))
        return false;
    *value = *value << 4 | (unsigned)(strchr(digits, tolower(byte)) - digits);
    return true;
}

static bool put_hex(struct buffer *buffer, struct span *text)
{
    unsigned value = 0;
    if (!take_hex_digit(text, &value) || !take_hex_digit(text, &value))
        return false;
    buffer_put_u8(buffer, (uint8_t)value);
    return true;
}

static size_t take_count(struct span *text)
{
    size_t count = 0;
    for (int digit; isdigit(digit = span_first(*text)); span_skip(text, 1))
        count = count * 10 + (size_t)(digit - '0');
    return count;
}

/* In pieces that double: some transcripts have a megabyte of it. */
static void put_times(struct buffer *buffer, struct span bytes, size_t times)
{
    size_t left = bytes.count * times, begin = buffer->count;
    make_room(buffer, left);
    for (size_t piece = bytes.count; left > 0; left -= piece, piece = buffer->count - begin) {
        piece = piece < left ? piece : left;
        const uint8_t *from =
            buffer->count > begin ? buffer->block + buffer->start + begin : bytes.bytes;
        memcpy(buffer->block + buffer->start + buffer->count, from, piece);
        buffer->count += piece;
    }
}

/* Behind "\(": 3000 ab) */
static bool put_repeated(struct buffer *buffer, struct span *text)
{
    size_t times = take_count(text);
    struct span what;
    if (!span_skip(text, 1) || !span_take(text, span_find(*text, ')'), &what) ||
        !span_skip(text, 1))
        return false;
    struct buffer once = BUFFER_EMPTY;
    bool is_good = buffer_put_escaped(&once, what);
    put_times(buffer, buffer_span(&once), times);
    buffer_free(&once);
    return is_good;
}

static bool put_escape(struct buffer *buffer, struct span *text)
{
    static const char names[] = "rnt\\\"", values[] = "\r\n\t\\\"";
    uint8_t name = 0;
    if (!span_take_u8(text, &name))
        return false;
    if (name == 'x')
        return put_hex(buffer, text);
    if (name == '(')
        return put_repeated(buffer, text);
    const char *known = name != 0 ? strchr(names, name) : NULL;
    if (known != NULL)
        buffer_put_u8(buffer, (uint8_t)values[known - names]);
    return known != NULL;
}

bool buffer_put_escaped(struct buffer *buffer, struct span text)
{
    struct span plain;
    while (text.count > 0) {
        span_take(&text, span_find(text, '\\'), &plain);
        buffer_put(buffer, plain);
        if (span_skip(&text, 1) && !put_escape(buffer, &text))
            return false;
    }
    return true;
}

static void print_byte(FILE *to, uint8_t byte)
{
    if (byte == '\r')
        fputs("\\r", to);
    else if (byte == '\n')
        fputs("\\n", to);
    else if (byte == '\\')
        fputs("\\\\", to);
    else if (byte < ' ' || byte > '~')
        fprintf(to, "\\x%02X", byte);
    else
        fputc(byte, to);
}

void print_escaped(FILE *to, struct span bytes)
{
    size_t hidden = bytes.count > SHOWN_BYTES ? bytes.count - SHOWN_BYTES : 0;
    for (size_t i = 0; i < bytes.count; i++) {
        if (hidden > 0 && i == SHOWN_BYTES / 2) {
            fprintf(to, " ...%zu bytes... ", hidden);
            i += hidden;
        }
        print_byte(to, bytes.bytes[i]);
    }
}
