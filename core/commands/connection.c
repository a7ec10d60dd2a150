/* connection.c: AT+IMQTTCONN, DISCONN, STATE and ERR (M2.7, M2.8, M2.14). */
#include "core/commands/commands.h"
#include "core/modem/modem.h"
#include "core/modem/connection.h"

#define WEAK_SIGNAL 10 /* CSQ below this is a weak connection */

enum imqtt_status connect_execute(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (modem_is_connected(modem)) {
        modem_report_number(modem, "+IMQTTCONN:", 1);
        return IMQTT_DONE;
    }
    return connection_open(modem);
}

enum imqtt_status disconnect_execute(struct imqtt_modem *modem, struct params *params)
{
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return connection_close(modem);
}

static int connection_quality(const struct imqtt_modem *modem)
{
    if (!modem_is_connected(modem))
        return 0;
    bool weak = radio_signal(&modem->radio) < WEAK_SIGNAL;
    return weak || mqtt_client_is_slow(&modem->mqtt, modem->now_ms) ? 1 : 2;
}

enum imqtt_status state_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    struct out line = modem_begin_line(modem, sizeof "+IMQTTSTATE:2");
    out_text(&line, "+IMQTTSTATE:");
    out_decimal(&line, connection_quality(modem));
    return modem_end_line(modem, &line);
}

enum imqtt_status diagnosis_read(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    struct out line = modem_begin_line(modem, sizeof "+IMQTTERR:" + DIAGNOSIS_BYTES);
    out_text(&line, "+IMQTTERR:");
    diagnosis_put(&modem->diagnosis, &line);
    return modem_end_line(modem, &line);
}
