#include "core/at/quoting.h"

#include "core/bytes/ascii.h"
#include "core/bytes/control_bytes.h"

static bool needs_escape(uint8_t byte)
{
    return byte == '"' || byte == '\\';
}

static bool has(struct span string, uint8_t byte)
{
    return span_find(string, byte) < string.count;
}

/* The index of the first `byte` from `at` on, or text.count. */
static size_t find_from(struct span text, size_t at, uint8_t byte)
{
    return at < text.count ? at + span_find(span_of(text.bytes + at, text.count - at), byte)
                           : text.count;
}

/* ---- strings -------------------------------------------------------------------------------- */

/* A quote is escaped by an odd number of backslashes right before it, behind the opening one. */
static bool is_escaped(struct span text, size_t at)
{
    size_t first = at;
    while (first > 1 && text.bytes[first - 1] == '\\')
        first--;
    return (at - first) % 2 != 0;
}

size_t quoting_find_closing(struct span text)
{
    size_t at = find_from(text, 1, '"');
    while (at < text.count && is_escaped(text, at))
        at = find_from(text, at + 1, '"');
    return at;
}

/* The end of the text, if a string is not closed. */
static size_t skip_string(struct span text, size_t at)
{
    size_t closing = at + quoting_find_closing(span_of(text.bytes + at, text.count - at));
    return closing < text.count ? closing + 1 : closing;
}

static size_t skip_blanks(struct span text, size_t at)
{
    while (at < text.count && is_blank(text.bytes[at]))
        at++;
    return at;
}

size_t quoting_find_separator(struct span text)
{
    bool begins = true; /* a parameter */
    size_t at = skip_blanks(text, 0);
    while (at < text.count && text.bytes[at] != ';') {
        bool opens = begins && text.bytes[at] == '"';
        begins = text.bytes[at] == ',';
        at = opens ? skip_string(text, at) : at + 1;
        if (begins)
            at = skip_blanks(text, at);
    }
    return at;
}

/* ---- escapes -------------------------------------------------------------------------------- */

/* The index of the first backslash that only escapes what follows, or text.count. */
static size_t find_escape(struct span text)
{
    size_t at = span_find(text, '\\');
    while (at + 1 < text.count && !needs_escape(text.bytes[at + 1]))
        at = find_from(text, at + 1, '\\');
    return at + 1 < text.count ? at : text.count;
}

struct text quoting_text(struct span between)
{
    struct text text = {between, 0};
    if (!has(between, '\\'))
        return text;
    for (size_t at; (at = find_escape(between)) < between.count; text.escapes++)
        span_skip(&between, at + 2);
    return text;
}

void text_put_unescaped(struct text text, struct out *out)
{
    struct span plain = SPAN_EMPTY;
    for (; text.escapes > 0; text.escapes--) {
        span_take(&text.raw, find_escape(text.raw), &plain);
        out_span(out, plain);
        out_u8(out, text.raw.bytes[1]);
        span_skip(&text.raw, 2);
    }
    out_span(out, text.raw);
}

/* ---- control bytes -------------------------------------------------------------------------- */

static void drop_control(uint8_t *bytes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_control(bytes[i]))
            bytes[kept++] = bytes[i];
    memset(bytes + kept, ' ', count - kept);
}

/* Where what begins with a quote ends: a string of JSON, or all that a host types behind a quote, who
 * may think that a string has begun. */
static size_t end_of_quoted(struct span text, size_t at, bool is_json)
{
    return is_json ? skip_string(text, at) : text.count;
}

bool quoting_clean(uint8_t *bytes, size_t count, bool is_json)
{
    struct span text = span_of(bytes, count);
    for (size_t at = span_find(text, '"'); at < count; at = find_from(text, at, '"')) {
        size_t end = end_of_quoted(text, at, is_json);
        if (has_control(span_of(bytes + at, end - at)))
            return false;
        at = end;
    }
    if (has_control(text))
        drop_control(bytes, count);
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* A lone question mark behind the equals sign would be the test form. */
static bool can_be_bare(struct span string)
{
    int first = span_first(string);
    bool looks_like_json = first == '{' || first == '[';
    bool looks_like_test = first == '?' && string.count == 1;
    bool has_edge_blanks = span_trim(string).count != string.count;
    return string.count > 0 && !looks_like_json && !looks_like_test && !has_edge_blanks &&
           !has(string, ',') && !has(string, '"');
}

void quoting_put_string(struct out *out, struct span string)
{
    if (can_be_bare(string)) {
        out_span(out, string);
        return;
    }
    out_u8(out, '"');
    quoting_put_escaped(out, string);
    out_u8(out, '"');
}

static size_t count_plain(struct span string)
{
    size_t count = 0;
    while (count < string.count && !needs_escape(string.bytes[count]))
        count++;
    return count;
}

void quoting_put_escaped(struct out *out, struct span string)
{
    struct span plain;
    while (span_take(&string, count_plain(string), &plain)) {
        out_span(out, plain);
        if (string.count == 0)
            return;
        out_u8(out, '\\');
        out_u8(out, (uint8_t)span_first(string));
        span_skip(&string, 1);
    }
}
