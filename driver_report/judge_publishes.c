#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/report_state.h"

static void add(struct pending_publish *list, size_t *count, const struct pending_publish *publish)
{
    if (*count == PUBLISHES_MAX)
        return; /* a host that has so many open is not judged by the newest */
    list[(*count)++] = *publish;
}

static void take_out(struct pending_publish *list, size_t *count, size_t index)
{
    memmove(&list[index], &list[index + 1], (--*count - index) * sizeof *list);
}

void judge_publish_accepted(struct driver_report *report, const struct host_command *command)
{
    struct pending_publish publish = {.topic = host_command_topic(command)};
    snprintf(publish.name, sizeof publish.name, "%.15s", command->name);
    snprintf(publish.line, sizeof publish.line, "%s", command->text);
    add(report->link.open, &report->link.open_count, &publish);
}

void judge_publish_again(struct driver_report *report, const struct host_command *command)
{
    struct link_state *link = &report->link;
    if (!host_command_is_publish(command))
        return;
    for (size_t i = 0; i < link->failed_count; i++)
        if (link->failed[i].topic == host_command_topic(command)) {
            take_out(link->failed, &link->failed_count, i);
            return;
        }
}

static void publish_ended(struct driver_report *report, const char *name, bool failed)
{
    struct link_state *link = &report->link;
    size_t i = 0;
    while (i < link->open_count && strcmp(link->open[i].name, name) != 0)
        i++;
    if (i == link->open_count)
        return;
    link->open[i].since_ms = report->now_ms;
    if (failed)
        add(link->failed, &link->failed_count, &link->open[i]);
    take_out(link->open, &link->open_count, i);
}

/* +IMQTTPUB:<packet id>,<status>; requests of one kind are reported in their order. */
void judge_publish_line(struct driver_report *report, const char *line)
{
    char name[16];
    unsigned id, status;
    int end = 0;
    if (report->answers.is_waiting && report->answers.command.form == '?')
        return;
    if (sscanf(line, "+%15[A-Z]:%5u,%1u%n", name, &id, &status, &end) != 3 || line[end] != '\0')
        return;
    if (strncmp(name, "IMQTTPUB", 8) == 0)
        publish_ended(report, name, status == 1);
}

void judge_publishes_connected(struct driver_report *report)
{
    for (size_t i = 0; i < report->link.failed_count; i++)
        report->link.failed[i].since_ms = report->now_ms;
}

/* Only while there is a connection can a host repeat anything. */
void judge_publishes_time(struct driver_report *report)
{
    struct link_state *link = &report->link;
    if (link->connected != KNOWN_YES)
        return;
    while (link->failed_count > 0 && report->now_ms - link->failed[0].since_ms > REACTION_MS) {
        report_find(report, RULE_PUBLISH_NOT_REPEATED, link->failed[0].line);
        take_out(link->failed, &link->failed_count, 0);
    }
}
