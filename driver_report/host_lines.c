#include <stdio.h>
#include <string.h>

#include "driver_report/report_state.h"

void said_line_clear(struct said_line *line)
{
    *line = (struct said_line){.bytes = 0};
}

static bool is_edit(uint8_t byte)
{
    return byte == '\b' || byte == 0x7F;
}

void said_line_add(struct said_line *line, uint8_t byte)
{
    if (is_edit(byte)) {
        if (line->bytes > 0 && line->bytes-- <= LINE_KEPT_BYTES)
            line->text[line->bytes] = '\0';
        return;
    }
    if (byte == '"')
        line->in_quotes = !line->in_quotes;
    line->has_control |= line->in_quotes && byte < ' ' && byte != '\t';
    if (line->bytes < LINE_KEPT_BYTES)
        line->text[line->bytes] = (char)(byte >= ' ' && byte < 0x7F ? byte : '.');
    line->bytes++;
}

static void host_line(struct driver_report *report)
{
    struct said_line line = report->host;
    struct host_command command;
    said_line_clear(&report->host);
    judge_host_text(report, &line);
    judge_stray_line(report, line.text);
    if (!host_command_parse(&command, line.text))
        return;
    judge_command(report, &command);
    report->has_session = true;
}

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

static bool is_repeat(const struct said_line *line)
{
    return line->bytes == 2 && (line->text[0] | 0x20) == 'a' && line->text[1] == '/';
}

void report_host_says(struct driver_report *report, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (judge_data(report, bytes[i]))
            continue;
        if (!is_line_end(bytes[i]))
            said_line_add(&report->host, bytes[i]);
        if ((is_line_end(bytes[i]) && report->host.bytes > 0) || is_repeat(&report->host))
            host_line(report);
    }
}
