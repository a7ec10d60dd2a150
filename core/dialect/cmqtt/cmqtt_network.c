/* cmqtt_network.c: AT+CPING and CNTP. Nobody is asked: the network of the radio answers, and the time is
 * that of AT+CCLK. */
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/module/network_check.h"
#include "core/dialect/module/own_address.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { PING_BYTES = 64, PING_MS = 40, PING_TTL = 255, PINGS_MAX = 100, GATEWAY = 254 };
/* <err> of CNTP */
enum { TIME_SET = 0, TIME_NETWORK_ERROR = 6 };

/* ---- AT+CPING="host",<type>[,<count>[,<bytes>…]] --------------------------------------------------- */

static void say_answer(struct imqtt_modem *modem, int32_t bytes)
{
    const int32_t numbers[] = {bytes, PING_MS, PING_TTL};
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+CPING: 1,");
    own_address_put(modem, GATEWAY, &urc);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        out_u8(&urc, ',');
        out_decimal(&urc, numbers[i]);
    }
    modem_end_urc(modem, &urc);
}

static void say_result(struct imqtt_modem *modem, int32_t count)
{
    const int32_t numbers[] = {3, count, count, 0, PING_MS, PING_MS, PING_MS};
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+CPING: ");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (i > 0)
            out_u8(&urc, ',');
        out_decimal(&urc, numbers[i]);
    }
    modem_end_urc(modem, &urc);
}

enum imqtt_status cmqtt_ping_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    params_text(params, IMQTT_ADDRESS_BYTES);
    params_number(params, 1, 2);
    uint32_t count = params_optional_number(params, 1, PINGS_MAX, 4);
    uint32_t bytes = params_optional_number(params, 4, UINT16_MAX, PING_BYTES);
    while (params_more(params))
        params_number(params, 0, UINT32_MAX);
    enum imqtt_status status = network_end_params(call);
    if (status != IMQTT_DONE)
        return status;
    for (uint32_t i = 0; i < count; i++)
        say_answer(modem, (int32_t)bytes);
    say_result(modem, (int32_t)count);
    return IMQTT_DONE;
}

/* ---- AT+CNTP -------------------------------------------------------------------------------------- */

enum imqtt_status cmqtt_time_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, "+CNTP: ");
    out_decimal(&urc, radio_is_attached(&modem->radio) ? TIME_SET : TIME_NETWORK_ERROR);
    modem_end_urc(modem, &urc);
    return IMQTT_DONE;
}

#endif
