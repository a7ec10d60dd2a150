/* report: what the host of a recording, or of a modem that runs, did wrong. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/driver_report.h"
#include "imqttctl/daemon_client.h"
#include "imqttctl/json_lines.h"
#include "imqttctl/recording_reader.h"
#include "imqttctl/report_pages.h"
#include "imqttctl/verbs.h"

static struct driver_report *judge(struct recording_reader *reader)
{
    struct driver_report *report = report_begin();
    for (json_t *event; report != NULL && (event = recording_next(reader)) != NULL;) {
        report_take_event(report, event);
        json_decref(event);
    }
    if (report != NULL)
        report_finish(report);
    return report;
}

static enum ctl_exit write_junit(const struct driver_report *report, const char *junit,
                                 const char *recording)
{
    FILE *opened = fopen(junit, "we");
    if (opened == NULL)
        return ctl_say(CTL_FAILED, "%s: %s", junit, strerror(errno));
    report_pages_junit(opened, report, recording);
    if (fclose(opened) != 0)
        return ctl_say(CTL_FAILED, "%s: %s", junit, strerror(errno));
    return CTL_DONE;
}

static void print_json(const struct driver_report *report, enum report_language language)
{
    json_t *json = report_json(report, language);
    json_lines_dump(json);
    json_decref(json);
}

static enum ctl_exit print(const struct ctl *ctl, const struct driver_report *report,
                           const char *recording, const char *junit, enum report_language language)
{
    enum ctl_exit end = CTL_DONE;
    if (junit != NULL)
        end = write_junit(report, junit, recording);
    if (ctl->json)
        print_json(report, language);
    else
        report_pages_text(stdout, report, language);
    return end != CTL_DONE || report_count(report) > 0 ? CTL_FAILED : CTL_DONE;
}

static bool parse_language(const char *word, enum report_language *language)
{
    *language = word != NULL && strcmp(word, "zh") == 0 ? REPORT_CHINESE : REPORT_ENGLISH;
    return word == NULL || strcmp(word, "zh") == 0 || strcmp(word, "en") == 0;
}

static enum ctl_exit print_rules(const struct verb_arguments *arguments)
{
    enum report_language language;
    if (arguments->count > 1 ||
        !parse_language(arguments->count == 1 ? arguments->words[0] : NULL, &language))
        return verbs_wrong_usage("report");
    report_pages_rules(stdout, language);
    return CTL_DONE;
}

/* Of a modem that runs: its daemon judges it from when it is first asked. */
static enum ctl_exit print_live(struct ctl *ctl, const char *name, enum report_language language)
{
    struct control_answer answer;
    size_t findings = 0;
    char *path =
        control_modem_path(name, language == REPORT_CHINESE ? "/report?lang=zh" : "/report");
    enum ctl_exit end = daemon_ask(ctl->client, "GET", path, NULL, &answer);
    if (end == CTL_DONE && ctl->json)
        json_lines_dump(answer.json);
    if (end == CTL_DONE && json_integer_value(json_object_get(answer.json, "judged_ms")) == 0)
        fprintf(stderr, "imqttctl: %s is judged from now on\n", name);
    if (end == CTL_DONE)
        findings = ctl->json ? json_array_size(json_object_get(answer.json, "findings"))
                             : report_pages_live(stdout, answer.json, language);
    control_answer_end(&answer);
    free(path);
    return findings > 0 ? CTL_FAILED : end;
}

enum ctl_exit verb_report(struct ctl *ctl, struct verb_arguments *arguments)
{
    bool is_wrong = false;
    enum report_language language;
    struct recording_reader reader;
    if (arguments_take_flag(arguments, "--rules"))
        return print_rules(arguments);
    bool is_live = arguments_take_flag(arguments, "--live");
    const char *junit = arguments_take_value(arguments, "--junit", &is_wrong);
    const char *lang = arguments_take_value(arguments, "--lang", &is_wrong);
    if (is_wrong || !parse_language(lang, &language) || arguments->count != 1 ||
        arguments_stray_option(arguments) != NULL || (is_live && junit != NULL))
        return verbs_wrong_usage("report");
    if (is_live)
        return print_live(ctl, arguments->words[0], language);
    const char *file = arguments->words[0];
    if (!recording_open(&reader, file))
        return CTL_FAILED;
    struct driver_report *report = judge(&reader);
    enum ctl_exit end = CTL_FAILED;
    if (report != NULL && !reader.is_wrong)
        end = print(ctl, report, file, junit, language);
    report_end(report);
    recording_close(&reader);
    return end;
}
