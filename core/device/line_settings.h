/* line_settings.h: speed and flow control of the line to the host, and when a change of them is
 * due: behind the final result of the command line that asked for it (V.250 6.2.10, 6.2.12). */
#ifndef CORE_DEVICE_LINE_SETTINGS_H
#define CORE_DEVICE_LINE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_BAUD_DEFAULT 115200 /* of a terminal that has no speed */

enum line_change {
    LINE_STAYS,
    LINE_CHANGE_ASKED, /* once the command line has its final result */
    LINE_CHANGE_DUE,   /* once the host has it */
};

struct line_settings {
    uint32_t baud;
    bool rts_cts;
    enum line_change change;
    uint64_t due_position; /* in the output; only LINE_CHANGE_DUE */
};

struct line_settings line_settings_from(uint32_t baud, bool rts_cts);

/* The line is to be so from the end of this command line on. */
void line_settings_ask(struct line_settings *line, uint32_t baud, bool rts_cts);

/* The final result of a command line ends at this position of the output. */
void line_settings_end_line(struct line_settings *line, uint64_t position);

/* Output behind due_position waits until the line has changed. */
static inline bool line_settings_change_is_due(const struct line_settings *line)
{
    return line->change == LINE_CHANGE_DUE;
}

/* Whether the line is to be changed now that so much output was taken. */
bool line_settings_take_change(struct line_settings *line, uint64_t taken);

#endif
