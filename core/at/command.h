/* command.h: what a command is, and how a line of them is run.
 *
 * A command is one constant record with a handler for each form that it has. A missing handler is
 * the answer "operation not supported"; the command list (AT+CLAC) and the test answers come from
 * the same records. Only `=?` needs no handler: without one it answers OK.
 */
#ifndef CORE_AT_COMMAND_H
#define CORE_AT_COMMAND_H

#include "core/at/params.h"
#include "imqtt/features.h"
#include "imqtt/own_commands.h"

struct at_command;

/* One command as it was typed. */
struct at_call {
    void *context; /* what at_run_line() was given */
    const struct at_command *command;
    struct params *params;
};

/* Runs one command. Checks everything before it changes anything; information lines go through
 * result.h; the final result is the status it returns, printed by the caller. */
typedef enum imqtt_status at_handler(struct at_call *call);

struct at_command {
    const char *name;    /* "E", "&F", "S3", "+CSQ": as typed behind AT, upper case */
    at_handler *execute; /* AT+X; for a basic command (E, &F) its number is the parameter */
    at_handler *set;     /* AT+X=… */
    at_handler *read;    /* AT+X? */
    at_handler *test;    /* AT+X=? when it prints more than OK */
    uint8_t which;       /* tells commands that share their handlers apart */
    bool takes_rest;     /* of its line: `;` is data there */
    bool acts;           /* it does more than to set or to show something */
    bool plain_errors;   /* its maker's module answers ERROR whatever AT+CMEE says */
};

/* Sorted by name (ASCII), which a test checks: names are found by bisection. */
struct at_table {
    const struct at_command *commands;
    size_t count;
#if IMQTT_WITH_DIALECTS
    const struct at_table *base; /* where a name is looked for that is not here; NULL: nowhere */
#endif
};

/* Runs a command that no table has. IMQTT_NOT_SUPPORTED: nobody has one of that name. */
typedef enum imqtt_status at_other(void *context, struct span name, enum imqtt_form form,
                                   const struct params *params);

/* A line that is being run: it may have to stop in the middle and go on later. All zero before the
 * first one. */
struct at_run {
    uint8_t *body; /* what followed AT */
    size_t count;
    size_t next; /* where the next command begins */
#if IMQTT_WITH_DIALECTS
    size_t begun; /* where the current one began */
#endif
    bool has_control;                 /* the body may hold control bytes */
    bool settings_only;               /* what acts or asks is "operation not allowed" */
    const struct at_command *current; /* the command that ran last; NULL: there is none such */
    const struct at_command *last;    /* the last extended command found, in any line */
    size_t last_name_bytes;
#if IMQTT_WITH_OWN_COMMANDS
    at_other *other; /* NULL: there are no more than those of the table */
#endif
};

/* The next line is to be run. The body is kept, not copied. */
void at_run_begin(struct at_run *run, uint8_t *body, size_t count, bool has_control);

/* Whether the line has another command (V.250 5.2: basic commands follow each other, `;` separates
 * extended ones). */
bool at_run_has_more(struct at_run *run);

/* Runs the next one; only if there is one. `context` goes to the handler. Returns its final result,
 * or IMQTT_LATER: it has not begun, call again; IMQTT_PENDING: it has begun, `next` is behind it,
 * its result comes later. A line is over with the first error. */
enum imqtt_status at_run_command(const struct at_table *table, void *context, struct at_run *run);

#endif
