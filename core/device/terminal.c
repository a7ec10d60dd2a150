#include "core/device/terminal.h"
#include "core/modem/modem.h"

struct terminal terminal_from(uint32_t baud, bool rts_cts)
{
    return (struct terminal){.baud = baud > 0 ? baud : TERMINAL_BAUD_DEFAULT, .rts_cts = rts_cts};
}

void terminal_configure(struct imqtt_modem *modem, uint32_t baud, bool rts_cts)
{
    modem->terminal.baud = baud;
    modem->terminal.rts_cts = rts_cts;
    modem->terminal.change = TERMINAL_IS_ASKED;
}

void terminal_end_line(struct imqtt_modem *modem)
{
    if (!IMQTT_WITH_SERIAL || modem->terminal.change != TERMINAL_IS_ASKED)
        return;
    modem->terminal.change = TERMINAL_IS_DUE;
    modem->terminal.due_position = fifo_position(&modem->output);
}

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

/* What comes behind the result is for the line as it then is. */
static void change_line(struct imqtt_modem *modem)
{
    const struct imqtt_terminal_port *port = &modem->ports.terminal;
    struct terminal *terminal = &modem->terminal;
    write_up_to(modem, terminal->due_position);
    if (modem->output.taken < terminal->due_position)
        return;
    terminal->change = TERMINAL_STAYS;
    if (port->configure != NULL)
        port->configure(port->context, terminal->baud, terminal->rts_cts);
}

static bool change_is_due(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_SERIAL && modem->terminal.change == TERMINAL_IS_DUE;
}

void terminal_write(struct imqtt_modem *modem)
{
    if (change_is_due(modem))
        change_line(modem);
    if (!change_is_due(modem))
        write_up_to(modem, UINT64_MAX);
}
