#include "core/dialect/module/radio_urcs.h"
#include "core/modem/say.h"

const char *radio_domain_prefix(enum radio_domain domain)
{
    static const char *const prefixes[] = {"+CREG: ", "+CGREG: ", "+CEREG: "};
    return prefixes[domain];
}

static void put_hex(struct out *out, uint32_t value, unsigned bytes)
{
    while (bytes-- > 0) {
        uint8_t byte = (uint8_t)(value >> 8 * bytes);
        out_hex(out, span_of(&byte, 1));
    }
}

static void put_place(const struct imqtt_radio *network, struct out *out)
{
    out_text(out, ",\"");
    put_hex(out, network->area, 2);
    out_text(out, "\",\"");
    put_hex(out, network->cell, 4);
    out_text(out, "\"," RADIO_TECHNOLOGY);
}

void put_network_registration(const struct radio *radio, enum radio_domain domain, uint8_t mode,
                              struct out *out)
{
    uint8_t stat = radio_stat(radio, domain);
    out_decimal(out, stat);
    if (mode >= REPORT_PLACE && radio_stat_is_registered(stat))
        put_place(&radio->network, out);
}

static void report(struct imqtt_modem *modem, enum radio_domain domain)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, radio_domain_prefix(domain));
    put_network_registration(&modem->radio, domain, modem->settings.report_modes[domain], &urc);
    modem_end_urc(modem, &urc);
}

void say_radio_change(struct imqtt_modem *modem, const struct radio_change *change)
{
    for (enum radio_domain domain = 0; domain < RADIO_DOMAINS; domain++) {
        uint8_t mode = modem->settings.report_modes[domain];
        bool is_due = mode >= REPORT_PLACE ? radio_place_changed(change, domain)
                                           : radio_stat_changed(change, domain);
        if (mode != REPORT_NOTHING && is_due)
            report(modem, domain);
    }
}
