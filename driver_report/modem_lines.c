#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

static bool begins_with(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

static void modem_booted(struct driver_report *report)
{
    judge_link_boot(report);
    report->answers = (struct answers){.is_waiting = false};
    report->pubex = (struct pubex){.is_open = false};
    if (report->has_session && !report->restarts)
        reaction_expect(&report->boot, report->now_ms, "RDY");
    report->restarts = false;
}

static void modem_line(struct driver_report *report)
{
    struct said_line line = report->modem;
    said_line_clear(&report->modem);
    if (strncasecmp(line.text, "AT", 2) == 0)
        judge_echo(report, line.text);
    else if (strcmp(line.text, "RDY") == 0)
        modem_booted(report);
    else if (!judge_result(report, line.text)) {
        judge_publish_line(report, line.text);
        judge_link_line(report, line.text);
        judge_inbox_line(report, line.text);
    }
}

/* +IMQTTRCVPUB:7,"topic",5,"hello": the payload is as long as it says, whatever it contains. */
static size_t payload_behind(const struct said_line *line)
{
    const char *text = line->text;
    if (line->bytes > LINE_KEPT_BYTES ||
        !(begins_with(text, "+IMQTTRCVPUB:") || begins_with(text, "+IMQTTRECV:")))
        return 0;
    const char *end = text + line->bytes - 1, *at = end;
    if (end - text < 2 || *at-- != '"' || *at-- != ',')
        return 0;
    while (at > text && *at >= '0' && *at <= '9')
        at--;
    return at[0] == ',' && at[-1] == '"' ? strtoul(at + 1, NULL, 10) : 0;
}

static void take_byte(struct driver_report *report, uint8_t byte)
{
    struct said_line *line = &report->modem;
    if (report->payload_bytes > 0) {
        report->payload_bytes--;
        return;
    }
    if (byte == '\r' || byte == '\n') {
        if (line->bytes > 0)
            modem_line(report);
        return;
    }
    if (byte != '\b' && byte != 0x7F)
        said_line_add(line, byte);
    if (byte == '"')
        report->payload_bytes = payload_behind(line);
    if (line->bytes == 1 && byte == '>') {
        judge_prompt(report);
        said_line_clear(line);
    }
}

void report_modem_says(struct driver_report *report, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        take_byte(report, bytes[i]);
}
