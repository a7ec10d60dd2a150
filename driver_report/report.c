#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/report_state.h"

struct driver_report *report_begin(void)
{
    struct driver_report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return NULL;
    report->link.lost_ms = -AT_ONCE_MS; /* nothing was lost yet */
    report->inbox.keep_alive_ms = KEEP_ALIVE_S * 1000.0;
    return report;
}

void report_end(struct driver_report *report)
{
    if (report == NULL)
        return;
    free(report->findings);
    free(report);
}

/* ---- findings ------------------------------------------------------------------------------- */

void report_find(struct driver_report *report, enum report_rule_id id, const char *line)
{
    if (report->times[id]++ >= REPORT_FINDINGS_A_RULE)
        return;
    size_t bytes = (report->count + 1) * sizeof *report->findings;
    struct report_finding *findings = realloc(report->findings, bytes);
    if (findings == NULL)
        return; /* it was counted */
    struct report_finding *finding = &findings[report->count++];
    report->findings = findings;
    finding->rule = report_rule(id);
    finding->t_ms = report->now_ms;
    snprintf(finding->line, sizeof finding->line, "%s", line);
}

size_t report_count(const struct driver_report *report)
{
    return report->count;
}

const struct report_finding *report_at(const struct driver_report *report, size_t index)
{
    return &report->findings[index];
}

unsigned report_times(const struct driver_report *report, enum report_rule_id id)
{
    return report->times[id];
}

json_t *report_json(const struct driver_report *report, enum report_language language)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < report->count; i++) {
        const struct report_finding *each = &report->findings[i];
        const struct report_words *words = &each->rule->in[language];
        json_array_append_new(findings, json_pack("{s:s,s:f,s:s,s:s,s:s}", "rule", each->rule->id,
                                                  "t_ms", each->t_ms, "line", each->line, "why",
                                                  words->why, "remedy", words->remedy));
    }
    return json_pack("{s:o}", "findings", findings);
}

/* ---- events --------------------------------------------------------------------------------- */

static int digit_of(char hex)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = hex != '\0' ? strchr(digits, hex) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

static size_t decode(uint8_t *bytes, size_t room, const char *hex)
{
    size_t count = 0;
    for (; count < room; hex += 2) {
        int high = digit_of(hex[0]);
        int low = high >= 0 ? digit_of(hex[1]) : -1;
        if (low < 0)
            break;
        bytes[count++] = (uint8_t)(16 * high + low);
    }
    return count;
}

static void take_at(struct driver_report *report, const json_t *event)
{
    uint8_t bytes[256];
    const char *dir = json_string_value(json_object_get(event, "dir"));
    const char *hex = json_string_value(json_object_get(event, "hex"));
    if (dir == NULL || hex == NULL)
        return;
    for (size_t count; (count = decode(bytes, sizeof bytes, hex)) > 0; hex += 2 * count)
        if (strcmp(dir, "host") == 0)
            report_host_says(report, bytes, count);
        else
            report_modem_says(report, bytes, count);
}

static void take_mqtt(struct driver_report *report, const json_t *event)
{
    const json_t *keep_alive = json_object_get(event, "keep_alive_s");
    if (json_is_integer(keep_alive))
        report->inbox.keep_alive_ms = 1000.0 * (double)json_integer_value(keep_alive);
    judge_publish_sent(report, event);
}

static void time_passes(struct driver_report *report)
{
    judge_link_time(report);
    judge_publishes_time(report);
    judge_inbox_time(report);
    if (!reaction_is_over(&report->boot, report->now_ms))
        return;
    report_find(report, RULE_URC_IGNORED, report->boot.line);
    report->boot.is_due = false;
}

/* The time of an event that is wrong or goes backwards is the one before. */
static void take_time(struct driver_report *report, const json_t *event)
{
    double t_ms = json_number_value(json_object_get(event, "t_ms"));
    if (isfinite(t_ms) && t_ms > report->now_ms)
        report->now_ms = t_ms;
    time_passes(report);
}

void report_take_event(struct driver_report *report, const json_t *event)
{
    const char *kind = json_string_value(json_object_get(event, "kind"));
    if (kind == NULL)
        return;
    take_time(report, event);
    if (json_object_get(event, "client") != NULL)
        judge_link_of_several(report);
    else if (strcmp(kind, "at") == 0)
        take_at(report, event);
    else if (strcmp(kind, "mqtt") == 0)
        take_mqtt(report, event);
    else if (strcmp(kind, "news") == 0)
        judge_link_news(report, event);
}

void report_finish(struct driver_report *report)
{
    time_passes(report);
}
