#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

static void take_keep_alive(struct inbox_state *inbox, const struct host_command *command)
{
    const char *word = strcasestr(command->arguments, "KEEPALIVE");
    if (word == NULL || command->form != '=')
        return;
    word += strcspn(word, ",");
    if (*word == ',')
        inbox->keep_alive_ms = 1000.0 * (double)strtoul(word + 1, NULL, 10);
}

void judge_inbox_command(struct driver_report *report, const struct host_command *command)
{
    struct inbox_state *inbox = &report->inbox;
    if (strcmp(command->name, "IMQTTPARA") == 0)
        take_keep_alive(inbox, command);
    if (strcmp(command->name, "IMQTTRECV") == 0 && command->form == '=') {
        inbox->full.is_due = inbox->told_late = false;
        inbox->since_ms = report->now_ms;
    } else {
        inbox->full.commands++;
    }
}

void judge_inbox_line(struct driver_report *report, const char *line)
{
    struct inbox_state *inbox = &report->inbox;
    if (strcmp(line, "+IMQTTCOUNT: FULL") == 0) {
        reaction_expect(&inbox->full, report->now_ms, line);
    } else if (strncmp(line, "+IMQTTCOUNT:", 12) == 0) {
        if (inbox->waiting == 0)
            inbox->since_ms = report->now_ms;
        inbox->waiting = (unsigned)strtoul(line + 12, NULL, 10);
    } else if (strncmp(line, "+IMQTTRECV:", 11) == 0 && line[11] != ' ' && inbox->waiting > 0) {
        inbox->waiting--;
    }
}

/* A full buffer is a finding of its own. */
static void find_late(struct driver_report *report)
{
    struct inbox_state *inbox = &report->inbox;
    bool is_late = inbox->waiting > 0 && inbox->keep_alive_ms > 0 &&
                   report->now_ms - inbox->since_ms > inbox->keep_alive_ms;
    if (!is_late || inbox->told_late || inbox->full.is_due)
        return;
    char line[32];
    snprintf(line, sizeof line, "+IMQTTCOUNT: %u", inbox->waiting);
    report_find(report, RULE_MESSAGES_READ_LATE, line);
    inbox->told_late = true;
}

void judge_inbox_time(struct driver_report *report)
{
    struct inbox_state *inbox = &report->inbox;
    find_late(report);
    if (!reaction_is_over(&inbox->full, report->now_ms))
        return;
    report_find(report, inbox->full.commands > 0 ? RULE_INBOX_FULL_UNREAD : RULE_URC_IGNORED,
                inbox->full.line);
    inbox->full.is_due = false;
    inbox->told_late = true;
}
