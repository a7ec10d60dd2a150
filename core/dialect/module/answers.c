#include "core/dialect/module/answers.h"
#include "core/modem/say.h"

enum imqtt_status answer_text(struct at_call *call, const char *text)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    return modem_end_line(modem, &line);
}

enum imqtt_status answer_number(struct at_call *call, const char *text, uint32_t number)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    out_decimal(&line, (int32_t)number);
    return modem_end_line(modem, &line);
}

enum imqtt_status answer_range(struct at_call *call, const char *text, uint32_t min, uint32_t max)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, text);
    out_u8(&line, '(');
    out_decimal(&line, (int32_t)min);
    out_u8(&line, '-');
    out_decimal(&line, (int32_t)max);
    out_u8(&line, ')');
    return modem_end_line(modem, &line);
}
