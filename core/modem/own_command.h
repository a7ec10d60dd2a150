/* own_command.h: runs the application's own commands, which no table of a dialect has. */
#ifndef CORE_MODEM_OWN_COMMAND_H
#define CORE_MODEM_OWN_COMMAND_H

#include "core/at/command.h"
#include "imqtt/own_commands.h"

/* An at_other: the context, a modem, is what the line's commands are given. */
enum imqtt_status own_command_run(void *context, struct span name, enum imqtt_form form,
                                  const struct params *params);

#endif
