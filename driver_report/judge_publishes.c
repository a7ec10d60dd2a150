#include <ctype.h>
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
    struct pending_publish publish = {.topic = host_command_topic(command),
                                      .is_data = strcmp(command->name, "IMQTTPUBEX") == 0,
                                      .has_id = host_command_argument(command, 1)[0] != '0'};
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

void judge_publish_sent(struct driver_report *report, const json_t *packet)
{
    struct link_state *link = &report->link;
    const char *name = json_string_value(json_object_get(packet, "packet"));
    const char *dir = json_string_value(json_object_get(packet, "dir"));
    const char *topic = json_string_value(json_object_get(packet, "topic"));
    if (name == NULL || dir == NULL || topic == NULL || strcmp(name, "PUBLISH") != 0 ||
        strcmp(dir, "out") != 0)
        return;
    link->sent[link->sent_next++ % PUBLISHES_MAX] = (struct sent_packet){
        .id = (unsigned)json_integer_value(json_object_get(packet, "id")),
        .topic = host_topic_hash(topic, strlen(topic)),
    };
}

/* The latest packet of that id; NULL if none was seen. */
static const struct sent_packet *find_sent(const struct link_state *link, unsigned id)
{
    for (size_t back = 1; back <= PUBLISHES_MAX && back <= link->sent_next; back++) {
        const struct sent_packet *sent = &link->sent[(link->sent_next - back) % PUBLISHES_MAX];
        if (sent->id == id)
            return sent;
    }
    return NULL;
}

/* The first one whose result that can be; open_count if there is none. */
static size_t find_open(const struct link_state *link, bool is_data, unsigned id,
                        const struct sent_packet *sent)
{
    size_t i = 0;
    while (i < link->open_count &&
           (link->open[i].is_data != is_data || link->open[i].has_id != (id != 0) ||
            (sent != NULL && link->open[i].topic != sent->topic)))
        i++;
    return i;
}

static void publish_ended(struct driver_report *report, bool is_data, unsigned id, bool failed)
{
    struct link_state *link = &report->link;
    const struct sent_packet *sent = id != 0 ? find_sent(link, id) : NULL;
    size_t i = find_open(link, is_data, id, sent);
    if (i == link->open_count) /* its packet was not seen, or its topic is written in another way */
        i = find_open(link, is_data, id, NULL);
    if (i == link->open_count)
        return;
    link->open[i].since_ms = report->now_ms;
    if (failed)
        add(link->failed, &link->failed_count, &link->open[i]);
    take_out(link->open, &link->open_count, i);
}

static const char *behind(const char *line, const char *beginning)
{
    size_t bytes = strlen(beginning);
    return strncmp(line, beginning, bytes) == 0 ? line + bytes : NULL;
}

static bool take_number(const char **at, unsigned long max, unsigned *number)
{
    char *end;
    if (!isdigit((unsigned char)**at))
        return false;
    unsigned long value = strtoul(*at, &end, 10);
    *at = end;
    *number = (unsigned)value;
    return value <= max;
}

/* +IMQTTPUB:<packet id>,<status>, also of PUBIN; +IMQTTPUBEX:<packet id>,<status>. */
void judge_publish_line(struct driver_report *report, const char *line)
{
    unsigned id, status;
    const char *at = behind(line, "+IMQTTPUBEX:");
    bool is_data = at != NULL;
    if (report->answers.is_waiting && report->answers.command.form == '?')
        return;
    if (!is_data)
        at = behind(line, "+IMQTTPUB:");
    if (at != NULL && take_number(&at, UINT16_MAX, &id) && *at++ == ',' &&
        take_number(&at, 9, &status) && *at == '\0')
        publish_ended(report, is_data, id, status == 1);
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
