/* identity.c: who the modem is: ATI, AT+GMI and its kin (V.250 6.1.3 to 6.1.7), AT+CGMI and its kin
 * (3GPP TS 27.007 5.1 to 5.6), AT+CCID and AT+ICCID. */
#include "core/dialect/imqtt/answers.h"
#include "core/dialect/imqtt/commands.h"
#include "core/device/identity.h"
#include "core/modem/modem.h"

/* Some commands answer with a prefix, most with the bare text. */
static enum imqtt_status show(struct imqtt_modem *modem, const char *prefix,
                              enum imqtt_identity_field field, const char *suffix)
{
    struct out line =
        modem_begin_line(modem, strlen(prefix) + IMQTT_IDENTITY_TEXT_BYTES + strlen(suffix));
    out_text(&line, prefix);
    identity_put(&modem->options.identity, field, &line);
    out_text(&line, suffix);
    return modem_end_line(modem, &line);
}

static enum imqtt_status show_bare(struct imqtt_modem *modem, enum imqtt_identity_field field)
{
    return show(modem, "", field, "");
}

/* What is on the SIM needs one. */
static enum imqtt_status show_of_sim(struct imqtt_modem *modem, const char *prefix,
                                     enum imqtt_identity_field field)
{
    return modem->radio.network.sim_ready ? show(modem, prefix, field, "") : IMQTT_NO_SIM;
}

enum imqtt_status identity_execute(struct imqtt_modem *modem, struct params *params)
{
    params_optional_number(params, 0, 0, 0);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        status = show_bare(modem, IMQTT_MANUFACTURER);
    if (status == IMQTT_DONE)
        status = show_bare(modem, IMQTT_MODEL);
    if (status == IMQTT_DONE)
        status = show(modem, "Revision: ", IMQTT_REVISION, "");
    return status;
}

enum imqtt_status manufacturer_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_bare(modem, IMQTT_MANUFACTURER);
}

enum imqtt_status model_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_bare(modem, IMQTT_MODEL);
}

enum imqtt_status revision_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_bare(modem, IMQTT_REVISION);
}

enum imqtt_status serial_number_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_bare(modem, IMQTT_IMEI);
}

/* <snt> 0 is the bare number, 1 the IMEI by name. */
enum imqtt_status serial_number_set(struct imqtt_modem *modem, struct params *params)
{
    uint32_t kind = params_number(params, 0, 1);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return kind == 0 ? show_bare(modem, IMQTT_IMEI) : show(modem, "+CGSN: \"", IMQTT_IMEI, "\"");
}

enum imqtt_status serial_number_test(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return answer_text(modem, "+CGSN: (0,1)");
}

enum imqtt_status imsi_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_of_sim(modem, "", IMQTT_IMSI);
}

enum imqtt_status ccid_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_of_sim(modem, "+CCID: ", IMQTT_ICCID);
}

enum imqtt_status iccid_execute(struct imqtt_modem *modem, struct params *params)
{
    (void)params;
    return show_of_sim(modem, "+ICCID: ", IMQTT_ICCID);
}
