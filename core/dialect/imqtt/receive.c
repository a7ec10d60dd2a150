/* receive.c: AT+IMQTTRECVMODE and RECV (M2.17, M2.18), and RECVHEX. */
#include "core/dialect/imqtt/answers.h"
#include "core/dialect/imqtt/commands.h"
#include "core/session/events.h"
#include "core/modem/modem.h"

enum imqtt_status receive_mode_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t receive_mode = params_number(params, RECEIVE_AT_ONCE, RECEIVE_BUFFERED);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        modem->settings.receive_mode = (uint8_t)receive_mode;
    return status;
}

enum imqtt_status receive_mode_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTRECVMODE:", modem->settings.receive_mode);
}

enum imqtt_status receive_hex_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t receive_hex = params_number(params, 0, 1);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        modem->settings.receive_hex = receive_hex == 1;
    return status;
}

enum imqtt_status receive_hex_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTRECVHEX:", modem->settings.receive_hex);
}

static enum imqtt_status show_oldest(struct imqtt_modem *modem, const struct message *message)
{
    bool as_hex = modem->settings.receive_hex;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTRECV:");
    modem_put_message(&line, message, as_hex);
    return modem_end_line(modem, &line);
}

/* A message leaves the buffer only once its line is written. */
enum imqtt_status receive_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t count = params_number(params, 1, IMQTT_INBOX_MESSAGES);
    enum imqtt_status status = params_end(params);
    struct message message;
    while (status == IMQTT_DONE && count-- > 0 && inbox_oldest(&modem->inbox, &message)) {
        status = show_oldest(modem, &message);
        if (status == IMQTT_DONE)
            inbox_drop_oldest(&modem->inbox);
    }
    return status;
}

enum imqtt_status receive_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTRECV: ", modem->inbox.count);
}

enum imqtt_status receive_test(struct at_call *call)
{
    return answer_range(call, "+IMQTTRECV: ", 1, IMQTT_INBOX_MESSAGES);
}
