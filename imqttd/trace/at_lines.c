#include "imqttd/trace/at_lines.h"

#include <string.h>

#include "imqttd/trace/secrets.h"

bool at_lines_wait(const struct at_lines *lines)
{
    return lines->count > lines->told_bytes;
}

/* The whole line decides what is secret in it, also where it is told in pieces. */
void at_lines_flush(struct at_lines *lines)
{
    uint8_t shown[AT_LINES_BYTES];
    size_t count = lines->count, told = lines->told_bytes;
    if (count == told)
        return;
    memcpy(shown, lines->line, count);
    bool starred = secrets_star(shown, count);
    if (lines->hides_rest) {
        memset(shown, '*', count);
        starred = true;
    }
    bool shows_star = starred && memcmp(shown + told, lines->line + told, count - told) != 0;
    lines->told(lines->context, shown + told, count - told, shows_star);
    lines->told_bytes = count;
}

static void end_line(struct at_lines *lines)
{
    at_lines_flush(lines);
    explicit_bzero(lines->line, lines->count);
    lines->count = lines->told_bytes = 0;
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

/* Data may follow it at once, and must not be told before it. */
static bool is_prompt(const struct at_lines *lines)
{
    return !lines->ends_at_return && lines->count == 3 && memcmp(lines->line, "\r\n>", 3) == 0;
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
    else if (is_prompt(lines))
        at_lines_flush(lines);
}

/* What a line consists of, up to where something may end: it needs no look at each byte. */
static size_t take_run(struct at_lines *lines, const uint8_t *bytes, size_t count)
{
    size_t room = AT_LINES_BYTES - lines->count, run = 0;
    if (lines->had_return || lines->count < 3)
        return 0;
    while (run < count && run < room && bytes[run] != '\r' && bytes[run] != '\n')
        run++;
    memcpy(lines->line + lines->count, bytes, run);
    lines->count += run;
    return run;
}

void at_lines_take(struct at_lines *lines, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        i += take_run(lines, bytes + i, count - i);
        if (i < count)
            take_byte(lines, bytes[i++]);
    }
}
