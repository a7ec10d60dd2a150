/* rules.h: the rules of the driver's report: one table, from which the documents are made. */
#ifndef DRIVER_REPORT_RULES_H
#define DRIVER_REPORT_RULES_H

#include <stddef.h>

enum report_rule_id {
    RULE_COMMAND_BEFORE_RESULT,
    RULE_DATA_BEFORE_PROMPT,
    RULE_DATA_LENGTH,
    RULE_RETRY_STORM,
    RULE_CONNECT_WITHOUT_REGISTRATION,
    RULE_REQUEST_BEFORE_CONNECTED,
    RULE_PUBLISH_NOT_REPEATED,
    RULE_LOSS_NOT_NOTICED,
    RULE_INBOX_FULL_UNREAD,
    RULE_MESSAGES_READ_LATE,
    RULE_LINE_TOO_LONG,
    RULE_CONTROL_IN_STRING,
    RULE_SECRET_WITH_ECHO,
    RULE_URC_IGNORED,
    RULE_COUNT
};

enum report_language { REPORT_ENGLISH, REPORT_CHINESE, REPORT_LANGUAGE_COUNT };

struct report_rule {
    const char *id;
    struct report_words {
        const char *what;   /* was done, in a few words */
        const char *why;    /* it matters */
        const char *remedy; /* what to do instead */
    } in[REPORT_LANGUAGE_COUNT];
};

const struct report_rule *report_rule(enum report_rule_id id);

#endif
