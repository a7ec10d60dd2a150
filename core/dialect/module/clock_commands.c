/* clock_commands.c: AT+CCLK, AT+CTZU, AT+CTZR (3GPP TS 27.007 8.15, 8.40, 8.41). */
#include "core/bytes/number.h"
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/modem/say.h"

/* ---- AT+CCLK: "yy/MM/dd,hh:mm:ss±zz", zz in quarters of an hour -------------------------- */

#define DATE_NUMBERS 6
/* Behind each of them but the last. */
static const uint8_t separators[DATE_NUMBERS] = {'/', '/', ',', ':', ':'};

static bool take_two_digits(struct span *in, uint32_t max, uint32_t *value)
{
    struct span digits;
    return span_take(in, 2, &digits) && number_parse(digits, 0, max, value);
}

static bool take_separator(struct span *in, uint8_t separator)
{
    uint8_t byte;
    return separator == 0 || (span_take_u8(in, &byte) && byte == separator);
}

static bool take_date(struct span *in, struct date *date)
{
    uint8_t *numbers[DATE_NUMBERS] = {&date->year, &date->month,  &date->day,
                                      &date->hour, &date->minute, &date->second};
    for (size_t i = 0; i < DATE_NUMBERS; i++) {
        uint32_t value;
        if (!take_two_digits(in, 99, &value) || !take_separator(in, separators[i]))
            return false;
        *numbers[i] = (uint8_t)value;
    }
    return true;
}

/* May be missing; then it stays as it is. */
static bool take_zone(struct span in, int8_t *zone)
{
    uint8_t sign;
    uint32_t quarters;
    if (in.count == 0)
        return true;
    if (!span_take_u8(&in, &sign) || (sign != '+' && sign != '-') ||
        !take_two_digits(&in, CLOCK_ZONE_MAX, &quarters))
        return false;
    *zone = (int8_t)(sign == '-' ? -(int)quarters : (int)quarters);
    return in.count == 0;
}

enum imqtt_status clock_set_time(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct span text = params_text(params, SIZE_MAX).raw;
    enum imqtt_status status = params_end(params);
    struct date date;
    int8_t zone = modem->clock.zone_quarter_hours;
    if (status != IMQTT_DONE)
        return status;
    if (!take_date(&text, &date) || !take_zone(text, &zone) ||
        !clock_set(&modem->clock, &date, modem->now_ms))
        return IMQTT_BAD_PARAMETERS;
    modem->clock.zone_quarter_hours = zone;
    return IMQTT_DONE;
}

enum imqtt_status clock_read_time(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct date date = clock_read(&modem->clock, modem->now_ms);
    const uint8_t numbers[DATE_NUMBERS] = {date.year, date.month,  date.day,
                                           date.hour, date.minute, date.second};
    int8_t zone = modem->clock.zone_quarter_hours;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CCLK: \"");
    for (size_t i = 0; i < DATE_NUMBERS; i++) {
        out_padded(&line, numbers[i], 2);
        if (separators[i] != 0)
            out_u8(&line, separators[i]);
    }
    out_u8(&line, zone < 0 ? '-' : '+');
    out_padded(&line, (uint32_t)(zone < 0 ? -zone : zone), 2);
    out_u8(&line, '"');
    return modem_end_line(modem, &line);
}

/* ---- AT+CTZU, AT+CTZR ----------------------------------------------------------------------- */

/* <onoff>: 3 is local time, as some makers have it. */
enum { TIME_UPDATE_OFF = 0, TIME_UPDATE_ON = 1, TIME_UPDATE_LOCAL = 3 };

enum imqtt_status time_update_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t value = params_number(call->params, TIME_UPDATE_OFF, TIME_UPDATE_LOCAL);
    if (value != TIME_UPDATE_OFF && value != TIME_UPDATE_ON && value != TIME_UPDATE_LOCAL)
        params_fail(call->params, IMQTT_BAD_PARAMETERS);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        modem->clock.network_time = (uint8_t)value;
    return status;
}

enum imqtt_status time_update_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+CTZU: ", modem->clock.network_time);
}

enum imqtt_status time_update_test(struct at_call *call)
{
    return answer_text(call, "+CTZU: (0,1,3)");
}

enum imqtt_status zone_report_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t value = params_number(call->params, 0, 1);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        modem->clock.reports_zone = value == 1;
    return status;
}

enum imqtt_status zone_report_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+CTZR: ", modem->clock.reports_zone);
}

enum imqtt_status zone_report_test(struct at_call *call)
{
    return answer_text(call, "+CTZR: (0,1)");
}
