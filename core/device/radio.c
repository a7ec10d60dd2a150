#include "core/device/radio.h"
#include "core/modem/modem.h"

/* Without the family's commands the radio is on, attached, and reported by somebody else. */
enum { STAT_NONE = 0, STAT_HOME = 1, STAT_UNKNOWN = 4, STAT_ROAMING = 5 }; /* <stat> */

#define SIGNAL_MAX 31

struct imqtt_radio radio_network_default(void)
{
    return (struct imqtt_radio){.signal = 25,
                                .registered = STAT_HOME,
                                .sim_ready = true,
                                .area = 0x1A2B,
                                .cell = 0x01C3D201};
}

struct radio radio_switched_on(const struct imqtt_radio *network,
                               const struct imqtt_memory_port *memory)
{
    struct radio radio = {
        .network = *network, .function = RADIO_FULL, .contexts = contexts_factory(memory)};
    if (IMQTT_WITH_RADIO && radio_is_attached(&radio))
        contexts_attach(&radio.contexts);
    return radio;
}

/* ---- what there is -------------------------------------------------------------------------- */

static bool is_on(const struct radio *radio)
{
    return !IMQTT_WITH_RADIO || radio->function == RADIO_FULL;
}

static bool is_detached(const struct radio *radio)
{
    return IMQTT_WITH_RADIO && radio->detached;
}

static uint8_t registration(const struct radio *radio)
{
    if (!is_on(radio) || !radio->network.sim_ready)
        return STAT_NONE;
    return radio->network.registered <= STAT_ROAMING ? radio->network.registered : STAT_UNKNOWN;
}

static bool is_registered(uint8_t stat)
{
    return stat == STAT_HOME || stat == STAT_ROAMING;
}

bool radio_is_registered(const struct radio *radio)
{
    return is_registered(registration(radio));
}

bool radio_is_attached(const struct radio *radio)
{
    return radio_is_registered(radio) && !is_detached(radio);
}

uint8_t radio_signal(const struct radio *radio)
{
    bool known = is_on(radio) && radio->network.signal <= SIGNAL_MAX;
    return known ? radio->network.signal : RADIO_SIGNAL_UNKNOWN;
}

/* The packet domain knows only who is attached. */
static uint8_t stat_of(const struct radio *radio, enum report which)
{
    return which == REPORT_CREG || !is_detached(radio) ? registration(radio) : STAT_NONE;
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

void radio_put_registration(const struct radio *radio, enum report which, uint8_t mode,
                            struct out *out)
{
    uint8_t stat = stat_of(radio, which);
    out_decimal(out, stat);
    if (mode == REPORT_PLACE && is_registered(stat))
        put_place(&radio->network, out);
}

const char *radio_report_name(enum report which)
{
    static const char *const names[] = {"+CREG: ", "+CGREG: ", "+CEREG: "};
    return names[which];
}

/* ---- what a change brings about -------------------------------------------------------------- */

/* What is compared before and after. All zero: switched off. */
struct view {
    uint8_t stats[REPORT_COUNT];
    bool attached;
    uint16_t area;
    uint32_t cell;
};

static struct view view_of(const struct radio *radio)
{
    struct view view = {.attached = radio_is_attached(radio),
                        .area = radio->network.area,
                        .cell = radio->network.cell};
    for (enum report which = 0; which < REPORT_COUNT; which++)
        view.stats[which] = stat_of(radio, which);
    return view;
}

static void report(struct imqtt_modem *modem, enum report which)
{
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, radio_report_name(which));
    radio_put_registration(&modem->radio, which, modem->settings.report_modes[which], &urc);
    urc_end(&modem->urcs, &urc);
}

static void report_changes(struct imqtt_modem *modem, const struct view *before,
                           const struct view *now)
{
    for (enum report which = 0; which < REPORT_COUNT; which++) {
        uint8_t mode = modem->settings.report_modes[which];
        bool changed = before->stats[which] != now->stats[which];
        bool place_changed = mode == REPORT_PLACE && is_registered(now->stats[which]) &&
                             (before->area != now->area || before->cell != now->cell);
        if (mode != REPORT_NOTHING && (changed || place_changed))
            report(modem, which);
    }
}

static const char *why_there_is_no_service(const struct radio *radio)
{
    if (!is_on(radio))
        return "the radio was switched off";
    if (is_detached(radio) && radio_is_registered(radio))
        return "detached from the network";
    return "network registration lost";
}

static void drop_connection(struct imqtt_modem *modem)
{
    struct imqtt_failure failure = {IMQTT_STAGE_TCP, 0, why_there_is_no_service(&modem->radio)};
    if (mqtt_client_state(&modem->mqtt) == MQTT_IDLE)
        return;
    mqtt_client_abort(&modem->mqtt, &failure);
    modem_take_events(modem);
}

static void follow_for_the_host(struct imqtt_modem *modem, const struct view *before)
{
    struct view now = view_of(&modem->radio);
    if (now.attached && !before->attached)
        contexts_attach(&modem->radio.contexts);
    if (!now.attached)
        contexts_detach(&modem->radio.contexts);
    report_changes(modem, before, &now);
}

static void follow(struct imqtt_modem *modem, const struct view *before)
{
    if (IMQTT_WITH_RADIO)
        follow_for_the_host(modem, before);
    if (!radio_is_attached(&modem->radio))
        drop_connection(modem);
}

void radio_announce(struct imqtt_modem *modem)
{
    static const struct view off;
    follow(modem, &off);
}

/* ---- what changes it --------------------------------------------------------------------------
 */

void radio_set_network(struct imqtt_modem *modem, const struct imqtt_radio *network)
{
    struct view before = view_of(&modem->radio);
    modem->radio.network = *network;
    follow(modem, &before);
}

/* Switching on attaches, as an LTE modem does. */
void radio_set_function(struct imqtt_modem *modem, enum radio_function function)
{
    struct view before = view_of(&modem->radio);
    if (modem->radio.function != RADIO_FULL)
        modem->radio.detached = false;
    modem->radio.function = (uint8_t)function;
    follow(modem, &before);
}

void radio_detach(struct imqtt_modem *modem)
{
    struct view before = view_of(&modem->radio);
    modem->radio.detached = true;
    follow(modem, &before);
}

enum imqtt_status radio_attach(struct imqtt_modem *modem)
{
    struct view before = view_of(&modem->radio);
    if (!radio_is_registered(&modem->radio))
        return IMQTT_NO_NETWORK_SERVICE;
    modem->radio.detached = false;
    follow(modem, &before);
    return IMQTT_DONE;
}
