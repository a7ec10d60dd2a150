#include "core/at/line.h"

#include "core/bytes/ascii.h"
#include "core/bytes/control_bytes.h"
#include "core/bytes/one_copy.h"
#include "imqtt/limits.h"

#define BODY_BYTES (IMQTT_LINE_BYTES - 2) /* without "AT" */

/* Looked at in one go: so that a line that ends early ("A/") costs no long look ahead. */
#define LOOK_AHEAD_BYTES 256

#define BACKSPACE 0x08

void line_init(struct line *line, const struct imqtt_memory_port *memory)
{
    *line = (struct line){.lease = lease_from(memory, IMQTT_MEMORY_LINE), .fate = LINE_READY};
}

static void echo_bytes(struct fifo *echo, struct span bytes)
{
    if (echo != NULL)
        fifo_put(echo, bytes);
}

static void begin_line(struct line *line)
{
    line->prefix_count = 0;
    line->prefix_as = 0;
    line->in_body = false;
    line->begun = false;
}

/* Only now does the last line go: until its first byte, the body may still be an "A/". */
static void begin_body(struct line *line)
{
    line->begun = true;
    line->has_control = false;
    line->count = 0;
    line->fate = LINE_READY;
    if (line->lease.capacity > IMQTT_KEPT_BYTES)
        lease_return(&line->lease);
}

static void give_up(struct line *line, enum line_event fate)
{
    line->fate = fate;
    line->count = 0;
    lease_return(&line->lease);
}

static void keep(struct line *line, struct span bytes)
{
    if (bytes.count == 0)
        return;
    if (!line->begun)
        begin_body(line);
    if (line->fate != LINE_READY)
        return;
    if (bytes.count > BODY_BYTES - line->count) {
        give_up(line, LINE_TOO_LONG);
    } else if (!lease_grow(&line->lease, line->count + bytes.count, BODY_BYTES)) {
        give_up(line, LINE_NO_MEMORY);
    } else {
        memcpy(line->lease.bytes + line->count, bytes.bytes, bytes.count);
        line->count += bytes.count;
    }
}

/* Nearly all lines begin so; the prefix then needs no search. */
static size_t take_at(struct line *line, struct span text)
{
    if (line->prefix_count > 0 || text.count < 2 || !is_letter_of(text.bytes[0], 'A') ||
        !is_letter_of(text.bytes[1], 'T'))
        return 0;
    line->prefix_count = line->prefix_as = 1;
    line->in_body = true;
    return 2;
}

/* true once "A/" is complete. */
static bool feed_prefix(struct line *line, uint8_t byte)
{
    bool after_a = line->prefix_as & 1;
    if (after_a && is_letter_of(byte, 'T')) {
        line->in_body = true;
        return false;
    }
    if (after_a && byte == '/' && line->prefix_count == 1)
        return true;
    line->prefix_as = line->prefix_as << 1 | is_letter_of(byte, 'A');
    line->prefix_count++;
    return false;
}

static enum line_event feed_text(struct line *line, struct span *in, size_t count,
                                 struct fifo *echo)
{
    struct span text = span_of(in->bytes, count);
    bool repeat = false;
    size_t used = line->in_body ? 0 : take_at(line, text);
    while (!line->in_body && !repeat && used < count)
        repeat = feed_prefix(line, text.bytes[used++]);
    if (!repeat) {
        keep(line, span_of(text.bytes + used, count - used));
        used = count;
    }
    echo_bytes(echo, span_of(text.bytes, used));
    span_skip(in, used);
    if (!repeat)
        return LINE_MORE;
    begin_line(line);
    return line->fate;
}

static enum line_event end_line(struct line *line)
{
    bool is_command = line->in_body;
    if (is_command && !line->begun) {
        line->count = 0;
        line->fate = LINE_READY;
    }
    begin_line(line);
    return is_command ? line->fate : LINE_MORE;
}

static enum line_event feed_terminator(struct line *line, uint8_t byte)
{
    line->may_be_paired = true;
    line->ended_by = byte;
    return end_line(line);
}

/* A character of UTF-8 goes whole; a byte that is none goes alone. */
static size_t last_character_bytes(struct span text)
{
    size_t count = 1;
    while (count < 4 && count < text.count && (text.bytes[text.count - count] & 0xC0) == 0x80)
        count++;
    return text.bytes[text.count - count] >= 0xC0 ? count : 1;
}

static bool remove_from_body(struct line *line)
{
    if (line->begun && line->fate != LINE_READY)
        return false;
    if (line->begun && line->count > 0)
        line->count -= last_character_bytes(span_of(line->lease.bytes, line->count));
    else
        line->in_body = false;
    return true;
}

static bool remove_last_character(struct line *line)
{
    if (line->in_body)
        return remove_from_body(line);
    if (line->prefix_count == 0)
        return false;
    line->prefix_count--;
    line->prefix_as >>= 1;
    return true;
}

static bool has_quote(const struct line *line)
{
    return line->in_body && line->begun &&
           span_find(span_of(line->lease.bytes, line->count), '"') < line->count;
}

static enum line_event feed_control(struct line *line, struct span control, struct fifo *echo)
{
    switch (control.bytes[0]) {
    case '\r':
    case '\n':
        echo_bytes(echo, control);
        return feed_terminator(line, control.bytes[0]);
    case BACKSPACE:
    case ASCII_DEL:
        if (remove_last_character(line))
            echo_bytes(echo, span_text("\b \b"));
        return LINE_MORE;
    default: /* may be inside quotes, which only the parameters' forms tell: params.h decides */
        if (has_quote(line)) {
            keep(line, control);
            line->has_control = true;
            echo_bytes(echo, control);
        }
        return LINE_MORE;
    }
}

/* ---- line ends of two bytes ----------------------------------------------------------------- */

static bool is_pair(uint8_t first, uint8_t second)
{
    return first == '\r' ? second == '\n' || second == '\0' : second == '\r';
}

static bool is_pair_of_host(const struct line *line, uint8_t first)
{
    return line->host_pair[0] == first;
}

/* The byte that is next and still belongs to the end of the last line, if there is one: any second
 * byte of a pair, or only the host's own. */
static struct span take_second(struct line *line, struct span *in, bool any)
{
    struct span second = SPAN_EMPTY;
    if (!line->may_be_paired || in->count == 0)
        return second;
    uint8_t first = line->ended_by, next = in->bytes[0];
    bool is_hosts = is_pair_of_host(line, first) && line->host_pair[1] == next;
    line->may_be_paired = false;
    if (is_hosts || (any && is_pair(first, next)))
        span_take(in, 1, &second);
    line->host_pair[0] = second.count > 0 ? first : 0;
    line->host_pair[1] = next;
    return second;
}

static size_t count_text(struct span in)
{
    if (in.count > 0 && is_control(in.bytes[0]))
        return 0;
    if (in.count > LOOK_AHEAD_BYTES)
        in.count = LOOK_AHEAD_BYTES;
    return control_find(in);
}

/* A CR behind an LF is echoed like the empty line that it would else be. */
static void swallow_second(struct line *line, struct span *in, struct fifo *echo)
{
    struct span second = take_second(line, in, true);
    if (span_first(second) == '\r')
        echo_bytes(echo, second);
}

static ONE_COPY enum line_event feed_next(struct line *line, struct span *in, struct fifo *echo)
{
    struct span control;
    swallow_second(line, in, echo);
    size_t text_count = count_text(*in);
    if (text_count > 0)
        return feed_text(line, in, text_count, echo);
    if (!span_take(in, 1, &control))
        return LINE_MORE;
    return feed_control(line, control, echo);
}

enum line_event line_feed(struct line *line, struct span *in, struct fifo *echo)
{
    enum line_event event = LINE_MORE;
    while (event == LINE_MORE && in->count > 0)
        event = feed_next(line, in, echo);
    return event;
}

#if IMQTT_WITH_DIALECTS
static size_t find_line_end(struct span in)
{
    size_t count = 0;
    while (count < in.count && in.bytes[count] != '\r' && in.bytes[count] != '\n')
        count++;
    return count;
}

bool line_pass_over(struct line *line, struct span *in, struct fifo *echo)
{
    struct span text, end;
    swallow_second(line, in, echo);
    if (span_take(in, find_line_end(*in), &text) && text.count > 0)
        echo_bytes(echo, text);
    line->is_passed |= span_trim(text).count > 0;
    if (!span_take(in, 1, &end))
        return false;
    echo_bytes(echo, end);
    line->may_be_paired = true;
    line->ended_by = end.bytes[0];
    bool was_passed = line->is_passed;
    line->is_passed = false;
    return was_passed;
}
#endif

uint8_t *line_body(struct line *line, size_t *count)
{
    *count = line->count;
    return line->lease.bytes;
}

bool line_has_control(const struct line *line)
{
    return line->has_control;
}

bool line_is_partial(const struct line *line)
{
#if IMQTT_WITH_DIALECTS
    if (line->is_passed)
        return true;
#endif
    return line->in_body || line->prefix_count > 0;
}

void line_swallow_early(struct line *line, struct span *in)
{
    take_second(line, in, span_first(*in) == '\n');
}

void line_swallow_late(struct line *line, struct span *in)
{
    if (in->count > 0 && !line_expects_more(line))
        line->may_be_paired = false;
    take_second(line, in, false);
}

bool line_expects_more(const struct line *line)
{
    return line->may_be_paired && is_pair_of_host(line, line->ended_by);
}

void line_end(struct line *line)
{
    lease_return(&line->lease);
    *line = (struct line){.lease = line->lease, .fate = LINE_READY};
}
