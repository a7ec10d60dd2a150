/* play, check: scenarios. */
#include "imqttctl/verbs.h"
#include "scenario/commands.h"

enum ctl_exit verb_play(struct ctl *ctl, struct verb_arguments *arguments)
{
    return (enum ctl_exit)scenario_command_play(arguments->count, arguments->words, ctl->target);
}

enum ctl_exit verb_check(struct ctl *ctl, struct verb_arguments *arguments)
{
    (void)ctl;
    return (enum ctl_exit)scenario_command_check(arguments->count, arguments->words);
}
