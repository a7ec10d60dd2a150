#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driver_report/report_state.h"

/* ---- a command after the other --------------------------------------------------------------- */

/* Sent again and again until the modem is there: AT, ATE0 and the like. */
static bool is_probe(const char *text)
{
    return strlen(text) <= 4 && strncasecmp(text, "AT", 2) == 0 && strpbrk(text, "+&") == NULL;
}

static void judge_order(struct driver_report *report, const char *text)
{
    struct answers *answers = &report->answers;
    answers->older_may_end = answers->has_older = false;
    if (!answers->is_waiting || is_probe(answers->text))
        return;
    if (report->now_ms - answers->sent_ms < AT_ONCE_MS)
        report_find(report, RULE_COMMAND_BEFORE_RESULT, text);
    else
        answers->has_older = true;
}

static void judge_repetition(struct driver_report *report, const char *text)
{
    struct answers *answers = &report->answers;
    bool is_same = answers->error[0] != '\0' && strcmp(answers->text, text) == 0;
    if (!is_same)
        answers->repeats = 0;
    if (!is_same)
        return;
    answers->repeats_ms[answers->repeats++ % STORM_COMMANDS] = report->now_ms;
    if (answers->repeats < STORM_COMMANDS)
        return;
    if (report->now_ms - answers->repeats_ms[answers->repeats % STORM_COMMANDS] < STORM_MS) {
        report_find(report, RULE_RETRY_STORM, text);
        answers->repeats = 0;
    }
}

/* IMQTTPUBEX=<topic>,<qos>,<retained>,<size> */
static void expect_data(struct driver_report *report, const struct host_command *command)
{
    struct pubex *pubex = &report->pubex;
    if (strcmp(command->name, "IMQTTPUBEX") != 0 || command->form != '=')
        return;
    *pubex = (struct pubex){.is_open = true, .skips_line_feed = true};
    pubex->size_bytes = strtoul(host_command_argument(command, 3), NULL, 10);
    pubex->is_open = pubex->size_bytes > 0;
}

static bool is_restart(const struct host_command *command)
{
    static const char *const others[] = {"CRESET", "CREBOOT", "QPOWD", "NRB",
                                         "RST",    "RESTORE", "CPOF",  NULL};
    return strcasestr(command->text, "+CFUN=1,1") != NULL ||
           dialect_line_has(command->text, others) || strncasecmp(command->text, "ATZ", 3) == 0;
}

void judge_command(struct driver_report *report, const struct host_command *command)
{
    struct answers *answers = &report->answers;
    char text[REPORT_LINE_BYTES];
    const struct dialect_words *words = dialect_words_of(command->text);
    if (words != NULL)
        report->words = words;
    snprintf(text, sizeof text, "%s", command->text);
    judge_order(report, text);
    judge_repetition(report, text);
    judge_publish_again(report, command);
    judge_link_command(report, command);
    judge_inbox_command(report, command);
    if (!host_command_is_request(command))
        report->boot.is_due = false;
    if (is_restart(command))
        report->restarts = true;
    expect_data(report, command);
    memcpy(answers->text, text, sizeof text);
    answers->is_waiting = true;
    answers->sent_ms = report->now_ms;
    host_command_parse(&answers->command, answers->text);
}

/* ---- results -------------------------------------------------------------------------------- */

static bool is_error(const char *line)
{
    return strcmp(line, "ERROR") == 0 || strcmp(line, "4") == 0 ||
           strncmp(line, "+CME ERROR:", 11) == 0;
}

static void end_data(struct driver_report *report, bool is_good)
{
    struct pubex *pubex = &report->pubex;
    if (pubex->is_open && pubex->is_prompted && !is_good && pubex->sent_bytes < pubex->size_bytes)
        report_find(report, RULE_DATA_LENGTH, report->answers.text);
    pubex->is_open = false;
}

static void end_command(struct driver_report *report, const char *line)
{
    struct answers *answers = &report->answers;
    bool is_good = !is_error(line);
    answers->is_waiting = false;
    answers->older_may_end = answers->has_older;
    end_data(report, is_good);
    if (is_good && host_command_is_publish(&answers->command))
        judge_publish_accepted(report, &answers->command);
    judge_link_result(report, &answers->command, is_good ? NULL : line);
    if (strncmp(line, answers->error, sizeof answers->error - 1) != 0)
        answers->repeats = 0;
    snprintf(answers->error, sizeof answers->error, "%.31s", is_good ? "" : line);
}

bool judge_result(struct driver_report *report, const char *line)
{
    struct answers *answers = &report->answers;
    bool is_result = is_error(line) || strcmp(line, "OK") == 0 || strcmp(line, "0") == 0;
    if (!is_result)
        return false;
    judge_foreign_data_ends(report);
    if (answers->is_waiting) {
        end_command(report, line);
    } else if (answers->older_may_end) {
        report_find(report, RULE_COMMAND_BEFORE_RESULT, answers->text);
        answers->older_may_end = false;
    }
    return true;
}

/* ---- the data of PUBEX ----------------------------------------------------------------------- */

/* Where it is not PUBEX that asks, a host types data until it reads a result. */
void judge_prompt(struct driver_report *report)
{
    report->pubex.is_prompted = true;
    report->pubex.is_foreign = strcmp(report->answers.command.name, "IMQTTPUBEX") != 0;
}

void judge_foreign_data_ends(struct driver_report *report)
{
    report->pubex.is_foreign = false;
}

static void find_early_data(struct driver_report *report, uint8_t byte)
{
    struct pubex *pubex = &report->pubex;
    if (pubex->is_prompted || pubex->told_early || byte == '\r' || byte == '\n')
        return;
    pubex->told_early = true;
    report_find(report, RULE_DATA_BEFORE_PROMPT, report->answers.text);
}

/* true: the byte is data. */
bool judge_data(struct driver_report *report, uint8_t byte)
{
    struct pubex *pubex = &report->pubex;
    if (pubex->is_foreign)
        return true;
    bool is_line_feed = pubex->skips_line_feed && byte == '\n';
    pubex->skips_line_feed = false;
    if (is_line_feed)
        return true;
    if (!pubex->is_open)
        return false;
    find_early_data(report, byte);
    if (++pubex->sent_bytes == pubex->size_bytes) {
        pubex->is_open = false;
        pubex->done_ms = report->now_ms;
    }
    return true;
}

/* What is no command directly behind data is more of it. */
void judge_stray_line(struct driver_report *report, const char *line)
{
    struct pubex *pubex = &report->pubex;
    bool was_data = pubex->sent_bytes > 0 && pubex->sent_bytes == pubex->size_bytes &&
                    report->now_ms - pubex->done_ms < AT_ONCE_MS;
    line += strspn(line, " ");
    if (was_data && strncasecmp(line, "AT", 2) != 0 && strncasecmp(line, "A/", 2) != 0)
        report_find(report, RULE_DATA_LENGTH, report->answers.text);
    pubex->sent_bytes = 0;
}
