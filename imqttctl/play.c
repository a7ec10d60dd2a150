/* play, check: scenarios. */
#include "imqttctl/daemon_client.h"
#include "imqttctl/verbs.h"
#include "scenario/commands.h"

enum ctl_exit verb_play(struct ctl *ctl, struct verb_arguments *arguments)
{
    struct control_target target = {ctl->target->socket, ctl->target->address,
                                    ctl->target->token_file};
    return (enum ctl_exit)scenario_command_play(arguments->count, arguments->words, &target);
}

enum ctl_exit verb_check(struct ctl *ctl, struct verb_arguments *arguments)
{
    (void)ctl;
    return (enum ctl_exit)scenario_command_check(arguments->count, arguments->words);
}
