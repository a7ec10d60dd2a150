#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

static const char *const registrations[3] = {"+CREG:", "+CGREG:", "+CEREG:"};

/* ---- what is known -------------------------------------------------------------------------- */

static void set_registered(struct link_state *link, enum known known)
{
    for (size_t i = 0; i < 3; i++)
        link->registered[i] = known;
}

static bool is_known_unregistered(const struct link_state *link)
{
    bool is_known = false;
    for (size_t i = 0; i < 3; i++) {
        if (link->registered[i] == KNOWN_YES)
            return false;
        is_known |= link->registered[i] == KNOWN_NO;
    }
    return is_known;
}

/* An answer is <n>,<stat>; a URC is <stat>, perhaps with "<area>" behind it. */
static void take_registration(struct link_state *link, const char *line)
{
    for (size_t i = 0; i < 3; i++) {
        if (strncmp(line, registrations[i], strlen(registrations[i])) != 0)
            continue;
        char *end;
        long stat = strtol(line + strlen(registrations[i]), &end, 10);
        if (end[0] == ',' && end[1] >= '0' && end[1] <= '9')
            stat = strtol(end + 1, NULL, 10);
        link->registered[i] = stat == 1 || stat == 5 ? KNOWN_YES : KNOWN_NO;
    }
}

static void connected(struct driver_report *report)
{
    report->link.connected = KNOWN_YES;
    report->link.host_ends_it = false;
    report->link.loss.is_due = false;
    judge_publishes_connected(report);
}

static void lost(struct driver_report *report, bool is_heard)
{
    struct link_state *link = &report->link;
    if (link->is_one_of_several)
        return;
    if (link->connected == KNOWN_YES && !link->host_ends_it) {
        link->is_unnoticed = true;
        reaction_expect(&link->loss, report->now_ms,
                        report->words != NULL ? report->words->lost[0] : "+IMQTTCONN:-1");
    }
    link->loss.was_heard |= is_heard;
    if (!is_heard)
        return;
    link->connected = KNOWN_NO;
    link->lost_ms = report->now_ms;
}

/* ---- the host ------------------------------------------------------------------------------- */

static bool notices_loss(const struct host_command *command)
{
    return strcmp(command->name, "IMQTTCONN") == 0 || strcmp(command->name, "IMQTTDISCONN") == 0 ||
           strcmp(command->name, "IMQTTSTATE") == 0 || strcmp(command->name, "IMQTTERR") == 0 ||
           strcasestr(command->text, "+CFUN=") != NULL;
}

static void judge_foreign_command(struct driver_report *report, const char *text)
{
    struct link_state *link = &report->link;
    const struct dialect_words *words = report->words;
    if (words == NULL)
        return;
    if (dialect_line_has(text, words->notice))
        link->is_unnoticed = link->loss.is_due = false;
    link->loss.commands += dialect_words_of(text) == words;
    link->host_ends_it |= dialect_line_has(text, words->ends);
}

void judge_link_command(struct driver_report *report, const struct host_command *command)
{
    struct link_state *link = &report->link;
    judge_foreign_command(report, command->text);
    if (notices_loss(command))
        link->is_unnoticed = link->loss.is_due = false;
    link->loss.commands += host_command_is_request(command);
    if (strcmp(command->name, "IMQTTDISCONN") == 0 && command->form == '\0')
        link->host_ends_it = true;
    if (strcasestr(command->text, "+CFUN=") != NULL || strcasestr(command->text, "+COPS=") != NULL)
        set_registered(link, KNOWN_NOT);
}

static bool is_cme(const char *error, const char *number, const char *text)
{
    return strncmp(error, "+CME ERROR: ", 12) == 0 &&
           (strcmp(error + 12, number) == 0 || strcmp(error + 12, text) == 0);
}

static bool is_no_service(const struct link_state *link, const char *error)
{
    return is_cme(error, "30", "no network service") ||
           (strcmp(error, "ERROR") == 0 && is_known_unregistered(link));
}

/* A request that crossed the URC of a loss on the line is nobody's fault; one behind a loss that the
 * host has not noticed is part of that finding. */
static bool is_not_connected(const struct driver_report *report, const char *error)
{
    const struct link_state *link = &report->link;
    if (link->is_one_of_several || link->connected == KNOWN_YES || link->is_unnoticed ||
        report->now_ms - link->lost_ms < AT_ONCE_MS)
        return false;
    return is_cme(error, "3", "operation not allowed") ||
           (strcmp(error, "ERROR") == 0 && link->connected == KNOWN_NO);
}

/* error: NULL for OK. What the modem accepts was no mistake. */
void judge_link_result(struct driver_report *report, const struct host_command *command,
                       const char *error)
{
    struct link_state *link = &report->link;
    bool connects = strcmp(command->name, "IMQTTCONN") == 0 && command->form == '\0';
    const char *const foreign[] = {report->words != NULL ? report->words->connects : NULL, NULL};
    if (error == NULL && dialect_line_has(command->text, foreign))
        connected(report);
    if (connects && error == NULL && link->connected == KNOWN_NOT)
        link->connected = KNOWN_NO;
    if (error == NULL)
        return;
    if (connects && is_no_service(link, error))
        report_find(report, RULE_CONNECT_WITHOUT_REGISTRATION, command->text);
    if (host_command_is_request(command) && is_not_connected(report, error))
        report_find(report, RULE_REQUEST_BEFORE_CONNECTED, command->text);
}

/* ---- the modem ------------------------------------------------------------------------------ */

static bool is_asked_for(const struct driver_report *report, const char *name)
{
    const struct answers *answers = &report->answers;
    return answers->is_waiting && strcmp(answers->command.name, name) == 0;
}

/* A state that nobody has asked for is what ica says where imqtt has +IMQTTCONN. */
static void judge_foreign_line(struct driver_report *report, const char *line)
{
    if (strncmp(line, "+IMQTTSTATE:", 12) == 0 && !is_asked_for(report, "IMQTTSTATE"))
        report->words = dialect_words_of_ica();
    if (report->words == NULL || is_asked_for(report, "IMQTTSTATE"))
        return;
    if (dialect_says_connected(report->words, line))
        connected(report);
    else if (dialect_says_lost(report->words, line))
        lost(report, true);
}

void judge_link_line(struct driver_report *report, const char *line)
{
    take_registration(&report->link, line);
    judge_foreign_line(report, line);
    if (strcmp(line, "+IMQTTCONN:0") == 0)
        connected(report);
    else if (strcmp(line, "+IMQTTCONN:-1") == 0)
        lost(report, true);
    else if (is_asked_for(report, "IMQTTSTATE") && strncmp(line, "+IMQTTSTATE:", 12) == 0 &&
             report->link.connected == KNOWN_NOT)
        report->link.connected = line[12] == '0' ? KNOWN_NO : KNOWN_YES;
}

void judge_link_boot(struct driver_report *report)
{
    report->link.is_unnoticed = report->link.loss.is_due = false;
    report->link.connected = KNOWN_NO;
    report->link.lost_ms = report->now_ms;
    report->link.open_count = 0;
    set_registered(&report->link, KNOWN_NOT);
}

void judge_link_news(struct driver_report *report, const json_t *event)
{
    const char *what = json_string_value(json_object_get(event, "what"));
    const char *registered = json_string_value(json_object_get(event, "registered"));
    if (what == NULL)
        return;
    if (registered != NULL)
        set_registered(&report->link,
                       strcmp(registered, "home") == 0 || strcmp(registered, "roaming") == 0
                           ? KNOWN_YES
                           : KNOWN_NO);
    if (strcmp(what, "lost") == 0)
        lost(report, false);
    if (strcmp(what, "reconnecting") == 0)
        report->link.loss.is_due = false;
}

void judge_link_of_several(struct driver_report *report)
{
    report->link.is_one_of_several = true;
    report->link.is_unnoticed = report->link.loss.is_due = false;
}

void judge_link_time(struct driver_report *report)
{
    struct reaction *loss = &report->link.loss;
    if (!reaction_is_over(loss, report->now_ms))
        return;
    bool is_silent = loss->was_heard && loss->commands == 0;
    report_find(report, is_silent ? RULE_URC_IGNORED : RULE_LOSS_NOT_NOTICED, loss->line);
    loss->is_due = false;
}
