#include "core/modem/terminal_output.h"

static void write_up_to(struct imqtt_modem *modem, uint64_t position)
{
    const struct imqtt_terminal_port *port = &modem->ports.terminal;
    struct span waiting = fifo_waiting(&modem->output);
    uint64_t missing = position - modem->output.taken;
    if (waiting.count > missing)
        waiting.count = (size_t)missing;
    if (waiting.count > 0)
        fifo_take(&modem->output, port->write(port->context, waiting.bytes, waiting.count));
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
    if (!IMQTT_WITH_SERIAL) {
        write_up_to(modem, UINT64_MAX);
        return;
    }
    write_up_to(modem, line_settings_limit(&modem->line_settings));
    if (change_line(modem))
        write_up_to(modem, UINT64_MAX);
}
