#include <stdio.h>
#include <string.h>

#include "driver_report/dialect_words.h"
#include "driver_report/report_state.h"

void judge_host_text(struct driver_report *report, const struct said_line *line)
{
    if (line->bytes > LINE_LIMIT_BYTES)
        report_find(report, RULE_LINE_TOO_LONG, line->text);
    if (line->has_control)
        report_find(report, RULE_CONTROL_IN_STRING, line->text);
}

/* How many arguments of a command are no secret. 0: it has none. */
static unsigned open_arguments(const struct host_command *command)
{
    if (strcmp(command->name, "IMQTTAUTH") == 0)
        return 2;
    return strcmp(command->name, "IMQTTUSER") == 0 || strcmp(command->name, "IMQTTDYNREG") == 0;
}

/* The empty string is written "" and starred like anything else. */
void judge_echo(struct driver_report *report, const char *line)
{
    struct host_command command;
    if (dialect_secret_in(line) != NULL)
        report_find(report, RULE_SECRET_WITH_ECHO, line);
    if (!host_command_parse(&command, line) || command.form != '=')
        return;
    unsigned open = open_arguments(&command);
    if (open > 0 && strlen(host_command_argument(&command, open)) > 2)
        report_find(report, RULE_SECRET_WITH_ECHO, line);
}
