#include "core/at/result.h"

#define LINE_END "\r\n"

static bool leads_lines(const struct at_format *format)
{
#if IMQTT_WITH_DIALECTS
    return format->verbose && !format->bare_lines;
#else
    return format->verbose;
#endif
}

struct out result_begin_line(const struct at_format *format, struct fifo *output)
{
    struct out line = fifo_begin_growing(output);
    if (leads_lines(format))
        out_text(&line, LINE_END);
    return line;
}

bool result_end_line(struct fifo *output, struct out *line)
{
    out_text(line, LINE_END);
    if (line->overflowed)
        return false;
    fifo_end(output, line);
    return true;
}

static const struct {
    enum imqtt_status error;
    const char *text;
} errors[] = {
#define ERROR_ROW(name, number, text) {name, text},
#if IMQTT_WITH_DIALECTS
    IMQTT_DIALECT_ERRORS(ERROR_ROW)
#endif
        IMQTT_ERRORS(ERROR_ROW)
#undef ERROR_ROW
};

/* The last row is for anything else. */
static const char *error_text(enum imqtt_status error)
{
    size_t row = 0;
    while (row + 1 < sizeof errors / sizeof errors[0] && errors[row].error != error)
        row++;
    return errors[row].text;
}

/* Keeps its verbose frame with ATV0, as 27.007 has no numeric form of it. */
static void put_cme_error(struct out *result, const struct at_format *format,
                          enum imqtt_status error)
{
    out_text(result, LINE_END "+CME ERROR: ");
    if (format->error_form == 1)
        out_decimal(result, (int32_t)error);
    else
        out_text(result, error_text(error));
    out_text(result, LINE_END);
}

static void put_error(struct out *result, const struct at_format *format, enum imqtt_status error)
{
    if (format->error_form != 0)
        put_cme_error(result, format, error);
    else if (format->verbose)
        out_text(result, LINE_END "ERROR" LINE_END);
    else
        out_text(result, "4\r");
}

static void put_result(struct out *result, const struct at_format *format, enum imqtt_status status)
{
    if (status != IMQTT_DONE)
        put_error(result, format, status);
    else if (format->verbose)
        out_text(result, LINE_END "OK" LINE_END);
    else
        out_text(result, "0\r");
}

void result_final(const struct at_format *format, struct fifo *output, enum imqtt_status status)
{
    if (format->quiet)
        return;
    struct out result = fifo_begin_growing(output);
    put_result(&result, format, status);
    if (!result.overflowed)
        fifo_end(output, &result);
}

void result_put_hex(struct out *line, struct span bytes)
{
    if (bytes.count == 0)
        out_text(line, "\"\"");
    else
        out_hex(line, bytes);
}
