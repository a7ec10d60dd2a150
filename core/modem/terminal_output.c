#include "core/modem/terminal_output.h"

static bool line_change_is_due(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_SERIAL && line_settings_change_is_due(&modem->line_settings);
}

/* How much of what waits is for the line as it is now. */
static size_t count_for_line(const struct imqtt_modem *modem)
{
    const struct fifo *output = &modem->output;
    if (!line_change_is_due(modem))
        return output->count;
    uint64_t missing = modem->line_settings.due_position - output->taken;
    return missing < output->count ? (size_t)missing : output->count;
}

static void write_for_line(struct imqtt_modem *modem)
{
    const struct imqtt_terminal_port *port = &modem->ports.terminal;
    struct fifo *output = &modem->output;
    size_t count = count_for_line(modem);
    if (count > 0)
        fifo_take(output, port->write(port->context, fifo_waiting(output).bytes, count));
}

/* What comes behind the result that asked for it is for the line as it then is. */
static bool change_line(struct imqtt_modem *modem)
{
    const struct imqtt_terminal_port *port = &modem->ports.terminal;
    struct line_settings *line = &modem->line_settings;
    if (!line_settings_take_change(line, modem->output.taken))
        return false;
    if (port->configure != NULL)
        port->configure(port->context, line->baud, line->rts_cts);
    return true;
}

/* Hands over what waits, as much as the port takes. */
void modem_write_terminal(struct imqtt_modem *modem)
{
    write_for_line(modem);
    if (line_change_is_due(modem) && change_line(modem))
        write_for_line(modem);
}
