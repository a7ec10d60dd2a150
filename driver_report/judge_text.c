#include <string.h>

#include "driver_report/report_state.h"
#include "driver_report/secret_words.h"

void judge_host_text(struct driver_report *report, const struct said_line *line)
{
    if (line->bytes > LINE_LIMIT_BYTES)
        report_find(report, RULE_LINE_TOO_LONG, line->text);
    if (line->has_control)
        report_find(report, RULE_CONTROL_IN_STRING, line->text);
}

/* An empty string is written "" also where the rest is starred. */
static bool is_empty(const char *secret)
{
    return strncmp(secret, "\"\"", 2) == 0 || *secret == ';';
}

void judge_echo(struct driver_report *report, const char *line)
{
    struct secret_place place;
    const uint8_t *bytes = (const uint8_t *)line;
    size_t count = strlen(line);
    for (size_t from = 0; secret_words_next(bytes, count, &from, &place);)
        if (place.is_typed && !is_empty(line + place.at)) {
            report_find(report, RULE_SECRET_WITH_ECHO, line);
            return;
        }
}
