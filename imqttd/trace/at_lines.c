#include "imqttd/trace/at_lines.h"

#include <string.h>

#include "imqttd/trace/private_keys.h"
#include "imqttd/trace/secrets.h"

bool at_lines_wait(const struct at_lines *lines)
{
    return lines->count > lines->told_bytes;
}

static size_t smaller(size_t one, size_t other)
{
    return one < other ? one : other;
}

static bool star(const struct at_lines *lines, uint8_t *line, size_t count)
{
    bool has_secret = secrets_star(line, count);
    return private_key_star(line, count, lines->key_bytes_left > 0) || has_secret;
}

static void follow_key(struct at_lines *lines)
{
    bool is_inside = lines->key_bytes_left > 0;
    if (!private_key_goes_on(lines->line, lines->count, is_inside))
        lines->key_bytes_left = 0;
    else if (!is_inside)
        lines->key_bytes_left = PRIVATE_KEY_BYTES;
    else
        lines->key_bytes_left -= smaller(lines->key_bytes_left, lines->count);
}

static bool is_begun_by_line_end(const struct at_lines *lines)
{
    return lines->count > 2 && memcmp(lines->line, "\r\n", 2) == 0;
}

static bool hides(const struct at_lines *lines)
{
    return lines->hides_rest || lines->hides_all ||
           (lines->hides_echo && !is_begun_by_line_end(lines));
}

/* The whole line decides what is secret in it, also where it is told in pieces. */
void at_lines_flush(struct at_lines *lines)
{
    uint8_t shown[AT_LINES_BYTES];
    size_t count = lines->count, told = lines->told_bytes;
    if (count == told)
        return;
    memcpy(shown, lines->line, count);
    bool starred = star(lines, shown, count);
    if (hides(lines)) {
        memset(shown, '*', count);
        starred = true;
    }
    memset(shown + lines->data_from, '*', lines->data_to - lines->data_from);
    bool shows_star = lines->data_to > told ||
                      (starred && memcmp(shown + told, lines->line + told, count - told) != 0);
    lines->told(lines->context, shown + told, count - told, shows_star);
    lines->told_bytes = count;
}

void at_lines_end(struct at_lines *lines)
{
    explicit_bzero(lines->line, lines->count);
    lines->count = lines->told_bytes = lines->data_from = lines->data_to = 0;
}

static void end_line(struct at_lines *lines)
{
    at_lines_flush(lines);
    follow_key(lines);
    if (lines->ends_at_return)
        lines->data_bytes_left = secrets_data_bytes(lines->line, lines->count);
    at_lines_end(lines);
    lines->hides_rest = lines->had_return = false;
}

/* It goes on in an empty buffer: what follows a secret is hidden up to the end of the line. */
static void break_line(struct at_lines *lines)
{
    uint8_t shown[AT_LINES_BYTES];
    bool hides = lines->hides_rest;
    memcpy(shown, lines->line, lines->count);
    hides = secrets_star(shown, lines->count) || hides;
    end_line(lines);
    lines->hides_rest = hides;
}

/* An empty line goes with the line behind it: that is how answers are framed. */
static bool is_blank(const struct at_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->line[i] != '\r' && lines->line[i] != '\n')
            return false;
    return true;
}

/* >, with or without a line end before it and a space behind it, and nothing more yet. Data may
 * follow it at once, and must not be told before it. */
static bool is_prompt(const struct at_lines *lines)
{
    size_t sign = is_begun_by_line_end(lines) ? 2 : 0, behind = lines->count - sign;
    return !lines->ends_at_return && behind >= 1 && behind <= 2 && lines->line[sign] == '>' &&
           (behind == 1 || lines->line[sign + 1] == ' ');
}

static void take_byte(struct at_lines *lines, uint8_t byte)
{
    if (lines->had_return && byte != '\n' && !is_blank(lines))
        end_line(lines);
    if (lines->count == AT_LINES_BYTES)
        break_line(lines);
    lines->line[lines->count++] = byte;
    lines->had_return = byte == '\r';
    bool is_end = byte == '\n' || (byte == '\r' && lines->ends_at_return);
    if (is_end && !is_blank(lines))
        end_line(lines);
}

/* How many bytes there are before the first line end. */
static size_t bytes_of_line(const uint8_t *bytes, size_t count)
{
    const uint8_t *end = memchr(bytes, '\r', count);
    size_t before = end != NULL ? (size_t)(end - bytes) : count;
    end = memchr(bytes, '\n', before);
    return end != NULL ? (size_t)(end - bytes) : before;
}

/* What a line consists of, up to where something may end: it needs no look at each byte. */
static size_t take_run(struct at_lines *lines, const uint8_t *bytes, size_t count)
{
    if (lines->had_return || lines->count < 3)
        return 0;
    size_t run = bytes_of_line(bytes, smaller(count, AT_LINES_BYTES - lines->count));
    memcpy(lines->line + lines->count, bytes, run);
    lines->count += run;
    return run;
}

/* Data that is a secret: a line feed before it still belongs to the line. There is room for it, as it
 * is no longer than a password. */
static size_t take_data(struct at_lines *lines, const uint8_t *bytes, size_t count)
{
    if (lines->data_bytes_left == 0 || (*bytes == '\n' && lines->count == 0))
        return 0;
    size_t room = AT_LINES_BYTES - lines->count;
    size_t taken = smaller(smaller(count, room), lines->data_bytes_left);
    if (lines->data_to == 0)
        lines->data_from = lines->count;
    memcpy(lines->line + lines->count, bytes, taken);
    lines->count += taken;
    lines->data_to = lines->count;
    lines->data_bytes_left -= taken;
    if (lines->data_bytes_left == 0)
        at_lines_flush(lines);
    return taken;
}

void at_lines_take(struct at_lines *lines, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t taken = take_data(lines, bytes + i, count - i);
        i += taken > 0 ? taken : take_run(lines, bytes + i, count - i);
        if (taken == 0 && i < count)
            take_byte(lines, bytes[i++]);
    }
    if (is_prompt(lines))
        at_lines_flush(lines);
}
