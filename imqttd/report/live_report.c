#include "imqttd/report/live_report.h"

#include <stdlib.h>
#include <string.h>

#include "host/loop/alarm.h"

struct live_report {
    struct trace_listener listener; /* the first member */
    struct trace *trace;
    struct live_report **place;
    struct driver_report *judge;
    struct alarm *kept; /* rings when nobody has asked for long */
    uint64_t began_us;
    char modem[];
};

static void judge(struct live_report *report, const char *text, size_t bytes)
{
    json_t *event = json_loadb(text, bytes, 0, NULL);
    report_take_event(report->judge, event);
    json_decref(event);
}

/* An event is judged as it would be read from a recording. */
static void told(struct trace_listener *listener, const struct trace_event *event)
{
    char time[TRACE_TIME_BYTES];
    struct json_text line = {0};
    json_put_bytes(&line, time, trace_put_time(time, event->at_us));
    json_put_bytes(&line, event->rest, event->rest_bytes);
    if (!line.failed)
        judge((struct live_report *)listener, line.text, line.count);
    json_text_free(&line);
}

static void is_not_asked_for(void *owner)
{
    struct live_report *report = owner;
    live_report_end(report->place);
}

static struct live_report *new_report(struct loop *loop, const char *modem)
{
    size_t bytes = strlen(modem) + 1;
    struct live_report *report = calloc(1, sizeof *report + bytes);
    if (report == NULL)
        return NULL;
    memcpy(report->modem, modem, bytes);
    report->judge = report_begin();
    report->kept = alarm_new(loop, is_not_asked_for, report);
    return report;
}

static void free_report(struct live_report *report)
{
    if (report == NULL)
        return;
    alarm_end(report->kept);
    report_end(report->judge);
    free(report);
}

bool live_report_begin(struct live_report **place, struct trace *trace, struct loop *loop,
                       const char *modem)
{
    struct live_report *report = new_report(loop, modem);
    if (report == NULL || report->judge == NULL || report->kept == NULL) {
        free_report(report);
        return false;
    }
    report->trace = trace;
    report->place = place;
    report->began_us = trace_now_us(trace);
    report->listener = (struct trace_listener){
        .kinds = TRACE_AT | TRACE_MQTT | TRACE_NEWS, .glob = report->modem, .told = told};
    trace_listen(trace, &report->listener);
    *place = report;
    return true;
}

void live_report_end(struct live_report **place)
{
    struct live_report *report = *place;
    if (report == NULL)
        return;
    *place = NULL;
    trace_ignore(report->trace, &report->listener);
    free_report(report);
}

/* What a host has not done in time is found when the time is over, not when it says something. */
static void time_passes(struct live_report *report, uint64_t now_us)
{
    json_t *ping = json_pack("{s:s, s:f}", "kind", "ping", "t_ms", (double)now_us / 1000);
    report_take_event(report->judge, ping);
    json_decref(ping);
}

json_t *live_report_json(struct live_report *report, enum report_language language)
{
    uint64_t now_us = trace_now_us(report->trace);
    alarm_set(report->kept, LIVE_REPORT_KEPT_MS);
    time_passes(report, now_us);
    json_t *json = report_json(report->judge, language);
    json_object_set_new(json, "judged_ms",
                        json_integer((json_int_t)((now_us - report->began_us) / 1000)));
    return json;
}
