/* commands.h: imqttctl's verbs about scenarios. */
#ifndef SCENARIO_COMMANDS_H
#define SCENARIO_COMMANDS_H

#include "scenario/control_link.h"

enum {
    SCENARIO_OK = 0,
    SCENARIO_FAILED = 1,
    SCENARIO_BAD = 2,
    SCENARIO_NO_DAEMON = 3,
    SCENARIO_TIMED_OUT = 42
};

#define SCENARIO_PLAY_USAGE                                                                        \
    "[--with-daemon [--with-broker] [--set KEY=VALUE]] [--modem NAME] [--broker HOST:PORT] "       \
    "[--junit FILE] [--record FILE] [--seed N] [--fast] FILE... [-- HOST-PROGRAM ARGUMENT...]"

/* words: behind the verb. Return the exit status. */
int scenario_command_play(int count, char **words, const struct control_target *target);
int scenario_command_check(int count, char **words);

#endif
