/* connection.c: AT+IMQTTCONN, DISCONN, STATE and ERR (M2.7, M2.8, M2.14). */
#include "core/dialect/imqtt/answers.h"
#include "core/dialect/imqtt/commands.h"
#include "core/modem/modem.h"
#include "core/session/connection.h"

#define WEAK_SIGNAL 10 /* CSQ below this is a weak connection */

enum imqtt_status connect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (modem_is_connected(modem)) {
        modem_report_number(modem, "+IMQTTCONN:", 1);
        return IMQTT_DONE;
    }
    return connection_open(modem);
}

enum imqtt_status disconnect_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return connection_close(modem);
}

static uint32_t connection_quality(const struct imqtt_modem *modem)
{
    if (!modem_is_connected(modem))
        return 0;
    bool weak = radio_signal(&modem->radio) < WEAK_SIGNAL;
    return weak || mqtt_client_is_slow(&modem->mqtt, modem->now_ms) ? 1 : 2;
}

enum imqtt_status state_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return answer_number(call, "+IMQTTSTATE:", connection_quality(modem));
}

enum imqtt_status diagnosis_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+IMQTTERR:");
    diagnosis_put(&modem->diagnosis, &line);
    return modem_end_line(modem, &line);
}
