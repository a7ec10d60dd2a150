/* receive_commands.c: AT+IMQTTRECVMODE and RECV (M2.17, M2.18), and RECVHEX. */
#include "core/dialect/module/answers.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/modem/say.h"

enum imqtt_status receive_mode_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTRECVMODE:", modem->settings.receive_mode);
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
    put_message(&line, message, as_hex);
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
    while (status == IMQTT_DONE && count-- > 0 && inbox_oldest(&modem->link->inbox, &message)) {
        status = show_oldest(modem, &message);
        if (status == IMQTT_DONE)
            inbox_drop_oldest(&modem->link->inbox);
    }
    return status;
}

enum imqtt_status receive_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTRECV: ", modem->link->inbox.count);
}

enum imqtt_status receive_test(struct at_call *call)
{
    return answer_range(call, "+IMQTTRECV: ", 1, IMQTT_INBOX_MESSAGES);
}
