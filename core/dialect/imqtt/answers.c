#include "core/dialect/imqtt/answers.h"
#include "core/modem/modem.h"

enum imqtt_status answer_text(struct imqtt_modem *modem, const char *text)
{
    struct out line = modem_begin_line(modem, strlen(text));
    out_text(&line, text);
    return modem_end_line(modem, &line);
}

enum imqtt_status answer_number(struct imqtt_modem *modem, const char *text, uint32_t number)
{
    struct out line = modem_begin_line(modem, strlen(text) + OUT_DECIMAL_DIGITS);
    out_text(&line, text);
    out_decimal(&line, (int32_t)number);
    return modem_end_line(modem, &line);
}

enum imqtt_status answer_range(struct imqtt_modem *modem, const char *text, uint32_t min,
                               uint32_t max)
{
    struct out line = modem_begin_line(modem, strlen(text) + 2 * OUT_DECIMAL_DIGITS + sizeof "(-)");
    out_text(&line, text);
    out_u8(&line, '(');
    out_decimal(&line, (int32_t)min);
    out_u8(&line, '-');
    out_decimal(&line, (int32_t)max);
    out_u8(&line, ')');
    return modem_end_line(modem, &line);
}
