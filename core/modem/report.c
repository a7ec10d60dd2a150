/* report.c: what the modem says: information lines, URCs, and notes for its owner. */
#include "core/modem/modem.h"

struct out modem_begin_line(struct imqtt_modem *modem)
{
    return result_begin_line(&modem->format, &modem->output);
}

enum imqtt_status modem_end_line(struct imqtt_modem *modem, struct out *line)
{
    return result_end_line(&modem->output, line) ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

void modem_report(struct imqtt_modem *modem, const char *text)
{
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, text);
    urc_end(&modem->urcs, &urc);
}

static struct out begin_number_urc(struct imqtt_modem *modem, const char *text, int32_t a)
{
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, text);
    out_decimal(&urc, a);
    return urc;
}

void modem_report_number(struct imqtt_modem *modem, const char *text, int32_t a)
{
    struct out urc = begin_number_urc(modem, text, a);
    urc_end(&modem->urcs, &urc);
}

void modem_report_numbers(struct imqtt_modem *modem, const char *text, int32_t a, int32_t b)
{
    struct out urc = begin_number_urc(modem, text, a);
    out_u8(&urc, ',');
    out_decimal(&urc, b);
    urc_end(&modem->urcs, &urc);
}

void modem_note(struct imqtt_modem *modem, enum imqtt_note note, uint32_t value)
{
    const struct imqtt_notes_port *notes = &modem->ports.notes;
    if (notes->note != NULL)
        notes->note(notes->context, note, value);
}
