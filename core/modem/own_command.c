#include "core/modem/own_command.h"
#include "core/modem/command_line.h"
#include "core/modem/flow.h"
#include "core/modem/say.h"

#if IMQTT_WITH_OWN_COMMANDS

static const struct imqtt_own_command *find(const struct imqtt_own_commands *own, struct span name)
{
    for (size_t i = 0; own != NULL && i < own->count; i++)
        if (span_equal(name, span_text(own->commands[i].name)))
            return &own->commands[i];
    return NULL;
}

enum imqtt_status own_command_run(void *context, struct span name, enum imqtt_form form,
                                  const struct params *params)
{
    struct imqtt_modem *modem = context;
    const struct imqtt_own_commands *own = modem->options.own_commands;
    const struct imqtt_own_command *command = find(own, name);
    if (command == NULL)
        return IMQTT_NOT_SUPPORTED;
    const struct imqtt_own_call call = {modem, form, params->bytes, params->count};
    return command->run(own->context, &call);
}

bool imqtt_modem_say_line(struct imqtt_modem *modem, const char *text)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    return modem_end_line(modem, &line) == IMQTT_DONE;
}

/* No record of a table is current then: the command that is pending is the application's. */
void imqtt_modem_finish_own(struct imqtt_modem *modem, enum imqtt_status status, uint64_t now_ms)
{
    modem->now_ms = now_ms;
    if (modem->command == COMMAND_PENDING && modem->run.current == NULL)
        command_line_finish(modem, status);
}

#endif
