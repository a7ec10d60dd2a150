#include "core/device/line_settings.h"

struct line_settings line_settings_from(uint32_t baud, bool rts_cts)
{
    return (struct line_settings){.baud = baud > 0 ? baud : LINE_BAUD_DEFAULT, .rts_cts = rts_cts};
}

void line_settings_ask(struct line_settings *line, uint32_t baud, bool rts_cts)
{
    line->baud = baud;
    line->rts_cts = rts_cts;
    line->change = LINE_CHANGE_ASKED;
}

void line_settings_end_line(struct line_settings *line, uint64_t position)
{
    if (line->change != LINE_CHANGE_ASKED)
        return;
    line->change = LINE_CHANGE_DUE;
    line->due_position = position;
}

bool line_settings_take_change(struct line_settings *line, uint64_t taken)
{
    if (line->change != LINE_CHANGE_DUE || taken < line->due_position)
        return false;
    line->change = LINE_STAYS;
    return true;
}
