/* command_line.h: command lines from their first byte to their final result, and which URCs may go
 * between them. */
#ifndef CORE_MODEM_COMMAND_LINE_H
#define CORE_MODEM_COMMAND_LINE_H

#include "core/modem/parts.h"

/* Takes bytes of a line; runs it if it is complete. */
void command_line_take(struct imqtt_modem *modem, struct span *in);

/* What the waiting command waited for may have come: it runs. false: none waits. */
bool command_line_resume(struct imqtt_modem *modem);

/* The rest of a line that was held up by a full terminal runs, if it has taken enough. false: no line
 * was, or it has not. */
bool command_line_go_on(struct imqtt_modem *modem);

/* When a waiting command is given up. */
uint64_t command_line_end_of_wait_ms(const struct imqtt_modem *modem);

#if IMQTT_WITH_DIALECTS
/* Whether a line that comes now is not run but answered, because a command runs; and its bytes. */
bool command_line_is_busy(const struct imqtt_modem *modem);
void command_line_pass_over(struct imqtt_modem *modem, struct span *in);

/* The pending command runs again, from where it began: what it asked the host for is there. */
void command_line_run_again(struct imqtt_modem *modem);

/* How the pending command ends is known: from within an event, which is dealt with first. */
void command_line_decide(struct imqtt_modem *modem, enum imqtt_status status);
/* Ends it then. */
void command_line_finish_decided(struct imqtt_modem *modem);
#endif

/* Ends the command that is pending: the rest of its line runs, or its result is printed. */
void command_line_finish(struct imqtt_modem *modem, enum imqtt_status status);

/* Lets URCs go, or keeps them back, as the line now stands. */
void command_line_hold_or_release_urcs(struct imqtt_modem *modem);

#endif
