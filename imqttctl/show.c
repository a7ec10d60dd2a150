/* list, show, metrics: what is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/json_lines.h"
#include "imqttctl/verbs.h"

static const char *text_of(const json_t *modem, const char *key)
{
    const char *text = json_string_value(json_object_get(modem, key));
    return text != NULL ? text : "";
}

static long long number_of(const json_t *modem, const char *key)
{
    return (long long)json_integer_value(json_object_get(modem, key));
}

static void print_summary(const json_t *modem, int width)
{
    bool is_powered = json_is_true(json_object_get(modem, "powered"));
    bool is_connected = json_is_true(json_object_get(modem, "connected"));
    printf("%-*s  %-12s  %3lld  %-9s  %6lld  %8lld  %8lld  %s\n", width, text_of(modem, "name"),
           !is_powered    ? "off"
           : is_connected ? "connected"
                          : "disconnected",
           number_of(modem, "signal"), text_of(modem, "registered"), number_of(modem, "faults"),
           number_of(modem, "messages_in"), number_of(modem, "messages_out"),
           text_of(modem, "terminal"));
}

static void print_list(const json_t *modems)
{
    size_t index;
    json_t *modem;
    int width = 4;
    json_array_foreach(modems, index, modem)
    {
        if ((int)strlen(text_of(modem, "name")) > width)
            width = (int)strlen(text_of(modem, "name"));
    }
    printf("%-*s  %-12s  CSQ  NETWORK    FAULTS        IN       OUT  TERMINAL\n", width, "NAME",
           "STATE");
    json_array_foreach(modems, index, modem)
    {
        print_summary(modem, width);
    }
}

enum ctl_exit verb_list(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct control_answer answer;
    char path[1024] = "/v1/modems";
    if (arguments->count > 1 || arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("list");
    if (arguments->count == 1) {
        char *glob = control_encode(arguments->words[0]);
        snprintf(path, sizeof path, "/v1/modems?name=%s", glob);
        free(glob);
    }
    enum ctl_exit end = daemon_ask(ctl->client, "GET", path, NULL, &answer);
    if (end == CTL_DONE && ctl->json)
        json_lines_dump(answer.json);
    else if (end == CTL_DONE)
        print_list(json_object_get(answer.json, "modems"));
    control_answer_end(&answer);
    return end;
}

/* When it failed, as the clock on the wall has it. */
static void spell_time(json_t *error)
{
    char text[32];
    struct tm parts;
    time_t seconds = (time_t)(json_integer_value(json_object_get(error, "at_ms")) / 1000);
    if (seconds == 0 || localtime_r(&seconds, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        return;
    json_object_set_new(error, "at", json_string(text));
    json_object_del(error, "at_ms");
}

enum ctl_exit verb_show(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct control_answer answer;
    if (arguments->count != 1)
        return verbs_wrong_usage("show");
    char *path = control_modem_path(arguments->words[0], "");
    enum ctl_exit end = daemon_ask(ctl->client, "GET", path, NULL, &answer);
    if (end == CTL_DONE && ctl->json)
        json_lines_dump(answer.json);
    else if (end == CTL_DONE) {
        spell_time(json_object_get(answer.json, "last_error"));
        json_lines_print(answer.json);
    }
    control_answer_end(&answer);
    free(path);
    return end;
}

enum ctl_exit verb_metrics(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct control_answer answer;
    if (arguments->count != 0)
        return verbs_wrong_usage("metrics");
    enum ctl_exit end = daemon_ask(ctl->client, "GET", "/metrics", NULL, &answer);
    if (end == CTL_DONE && answer.text != NULL)
        (void)fputs(answer.text, stdout);
    control_answer_end(&answer);
    return end;
}
