/* report: what the host of a recording did wrong. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/driver_report.h"
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

enum ctl_exit verb_report(struct ctl *ctl, struct verb_arguments *arguments)
{
    bool is_wrong = false;
    enum report_language language;
    struct recording_reader reader;
    if (arguments_take_flag(arguments, "--rules"))
        return print_rules(arguments);
    const char *junit = arguments_take_value(arguments, "--junit", &is_wrong);
    const char *lang = arguments_take_value(arguments, "--lang", &is_wrong);
    if (is_wrong || !parse_language(lang, &language) || arguments->count != 1 ||
        arguments_stray_option(arguments) != NULL)
        return verbs_wrong_usage("report");
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
