#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

static bool begins_with(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* "ready" is another line of most. */
static bool is_boot(const struct driver_report *report, const char *line)
{
    return strcmp(line, report->words != NULL ? report->words->booted : "RDY") == 0;
}

static void modem_booted(struct driver_report *report, const char *line)
{
    judge_link_boot(report);
    report->answers = (struct answers){.is_waiting = false};
    report->pubex = (struct pubex){.is_open = false};
    if (report->has_session && !report->restarts)
        reaction_expect(&report->boot, report->now_ms, line);
    report->restarts = false;
}

/* A file of Quectel's and of SIMCom's dialects. */
static bool asks_for_data(const char *line)
{
    return strcmp(line, "CONNECT") == 0 || strcmp(line, "DOWNLOAD") == 0;
}

/* What AT+MQTTPUBRAW ends with. */
static bool is_raw_result(const char *line)
{
    return strcmp(line, "+MQTTPUB:OK") == 0 || strcmp(line, "+MQTTPUB:FAIL") == 0;
}

/* +CMQTTRXTOPIC: 0,5 and +CMQTTRXPAYLOAD: 0,5: so many bytes follow, behind the line feed. */
static size_t payload_below(const char *line)
{
    bool is_part = begins_with(line, "+CMQTTRXTOPIC: ") || begins_with(line, "+CMQTTRXPAYLOAD: ");
    const char *comma = is_part ? strchr(line, ',') : NULL;
    return comma != NULL ? strtoul(comma + 1, NULL, 10) + 1 : 0;
}

static void modem_line(struct driver_report *report)
{
    struct said_line line = report->modem;
    said_line_clear(&report->modem);
    if (strncasecmp(line.text + strspn(line.text, " "), "AT", 2) == 0)
        judge_echo(report, line.text);
    else if (is_boot(report, line.text))
        modem_booted(report, line.text);
    else if (asks_for_data(line.text))
        judge_prompt(report);
    else if (!judge_result(report, line.text)) {
        judge_publish_line(report, line.text);
        judge_link_line(report, line.text);
        judge_inbox_line(report, line.text);
        report->payload_bytes = payload_below(line.text);
    }
    if (is_raw_result(line.text))
        judge_foreign_data_ends(report);
}

static bool has_counted_payload(const char *text)
{
    return begins_with(text, "+IMQTTRCVPUB:") || begins_with(text, "+IMQTTRECV:") ||
           begins_with(text, "+QMTRECV: ");
}

/* +IMQTTRCVPUB:7,"topic",5,"hello": the payload is as long as it says, whatever it contains. So it is
 * in +MQTTSUBRECV:0,"topic",5,hello */
static size_t payload_behind(const struct said_line *line)
{
    const char *text = line->text;
    bool is_bare = begins_with(text, "+MQTTSUBRECV:");
    if (line->bytes > LINE_KEPT_BYTES || !(is_bare || has_counted_payload(text)))
        return 0;
    const char *end = text + line->bytes - 1, *at = end;
    if (end - text < 2 || (!is_bare && *at-- != '"') || *at-- != ',')
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
    if (byte == '"' || byte == ',')
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
