/* esp_time.c: AT+CIPSNTPCFG and CIPSNTPTIME: the modem's clock, in the zone that the host names. No
 * server is asked: the network of the radio knows the time. */
#include "core/bytes/number.h"
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_params.h"
#include "core/dialect/module/answers.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { SERVERS_MAX = 3, EAST_MAX_H = 14, WEST_MAX_H = 12, QUARTERS = 4 };
#define DAY_MS UINT64_C(86400000)

/* ---- AT+CIPSNTPCFG=<enabled>[,<zone>[,"<server>"…]] ---------------------------------------------------------- */

/* Hours, or hours and minutes as one number; quarters of an hour, from -12 hours on. */
static bool take_zone(struct span text, uint32_t *quarters)
{
    bool is_west = span_first(text) == '-';
    uint32_t number;
    if (is_west)
        span_skip(&text, 1);
    if (!number_parse(text, 0, EAST_MAX_H * 100, &number))
        return false;
    uint32_t zone =
        number <= EAST_MAX_H ? number * QUARTERS : number / 100 * QUARTERS + number % 100 / 15;
    uint32_t most = is_west ? WEST_MAX_H * QUARTERS : EAST_MAX_H * QUARTERS;
    *quarters = WEST_MAX_H * QUARTERS + zone;
    if (is_west)
        *quarters = WEST_MAX_H * QUARTERS - zone;
    return zone <= most;
}

static uint32_t take_config(struct params *params, struct esp_params *taken)
{
    uint32_t is_on = params_number(params, 0, 1), quarters = WEST_MAX_H * QUARTERS;
    if (params_more(params) &&
        !take_zone(esp_take_text(taken, sizeof "-1200", ESP_OF_DATA).raw, &quarters))
        params_fail(params, IMQTT_BAD_PARAMETERS);
    for (uint32_t i = 0; i < SERVERS_MAX && params_more(params); i++)
        esp_take_text(taken, IMQTT_ADDRESS_BYTES, ESP_OF_HOST);
    return is_on == 1 ? quarters + 1 : 0;
}

enum imqtt_status esp_time_config_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct esp_params taken;
    esp_begin(&taken, call->params);
    uint32_t zone = take_config(call->params, &taken);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE &&
        !client_put_number(&modem->clients, ESP_MODULE, ESP_TIME_ZONE, zone))
        status = IMQTT_UNKNOWN_ERROR;
    return status;
}

/* ---- AT+CIPSNTPTIME? ------------------------------------------------------------------------------------------ */

static void put_time_of_day(struct out *line, const struct date *date)
{
    out_padded(line, date->hour, 2);
    out_u8(line, ':');
    out_padded(line, date->minute, 2);
    out_u8(line, ':');
    out_padded(line, date->second, 2);
}

/* As asctime() has it. Days of the week are counted from 1970-01-01, a Thursday. */
static void put_time(struct out *line, uint64_t local_ms)
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct clock clock = clock_at(local_ms, 0, 0);
    struct date date = clock_read(&clock, 0);
    out_span(line, span_of((const uint8_t *)days + local_ms / DAY_MS % 7 * 3, 3));
    out_u8(line, ' ');
    out_span(line, span_of((const uint8_t *)months + (date.month - 1U) * 3, 3));
    out_text(line, date.day < 10 ? "  " : " ");
    out_decimal(line, date.day);
    out_u8(line, ' ');
    put_time_of_day(line, &date);
    out_text(line, " 20");
    out_padded(line, date.year, 2);
}

enum imqtt_status esp_time_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint32_t zone = client_number(&modem->clients, ESP_MODULE, ESP_TIME_ZONE, 0);
    if (zone == 0)
        return answer_text(call, "+CIPSNTPTIME:Thu Jan  1 00:00:00 1970");
    int64_t quarters = (int64_t)zone - 1 - WEST_MAX_H * QUARTERS;
    int64_t unix_ms = (int64_t)clock_unix_ms(&modem->clock, modem->now_ms);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CIPSNTPTIME:");
    put_time(&line, (uint64_t)(unix_ms + quarters * 15 * 60 * 1000));
    return modem_end_line(modem, &line);
}

#endif
