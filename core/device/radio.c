#include "core/device/radio.h"

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

void radio_switch_on(struct radio *radio, const struct imqtt_memory_port *memory)
{
    if (!IMQTT_WITH_RADIO) /* it is on, always, and has no contexts */
        return;
    *radio = (struct radio){.network = radio->network, .function = RADIO_FULL};
    contexts_init(&radio->contexts, memory);
    if (radio_is_attached(radio))
        contexts_attach(&radio->contexts);
}

void radio_switch_off(struct radio *radio)
{
    if (IMQTT_WITH_RADIO)
        strings_clear(&radio->contexts.access_points);
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

static bool is_without_operator(const struct radio *radio)
{
    return IMQTT_WITH_RADIO && radio->operator_mode == OPERATOR_NONE;
}

/* <stat> of what is seen, whether the host wants it or not. */
static uint8_t seen_stat(const struct radio *radio)
{
    if (!is_on(radio) || !radio->network.sim_ready)
        return STAT_NONE;
    return radio->network.registered <= STAT_ROAMING ? radio->network.registered : STAT_UNKNOWN;
}

static uint8_t network_stat(const struct radio *radio)
{
    return is_without_operator(radio) ? STAT_NONE : seen_stat(radio);
}

bool radio_stat_is_registered(uint8_t stat)
{
    return stat == STAT_HOME || stat == STAT_ROAMING;
}

bool radio_is_registered(const struct radio *radio)
{
    return radio_stat_is_registered(network_stat(radio));
}

bool radio_sees_network(const struct radio *radio)
{
    return radio_stat_is_registered(seen_stat(radio));
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
uint8_t radio_stat(const struct radio *radio, enum radio_domain domain)
{
    return domain == DOMAIN_CREG || !is_detached(radio) ? network_stat(radio) : STAT_NONE;
}

const char *radio_why_no_service(const struct radio *radio)
{
    if (!is_on(radio))
        return "the radio was switched off";
    if (is_without_operator(radio))
        return "deregistered from the network";
    if (!radio_is_registered(radio))
        return "network registration lost";
    return is_detached(radio) ? "detached from the network" : NULL;
}

/* ---- what changes it -------------------------------------------------------------------------- */

static struct radio_view view_of(const struct radio *radio)
{
    struct radio_view view = {.attached = radio_is_attached(radio),
                              .area = radio->network.area,
                              .cell = radio->network.cell};
    for (enum radio_domain domain = 0; IMQTT_WITH_RADIO && domain < RADIO_DOMAINS; domain++)
        view.stats[domain] = radio_stat(radio, domain);
    return view;
}

/* The contexts follow the attachment. */
static struct radio_change change_since(struct radio *radio, struct radio_view before)
{
    struct radio_change change = {before, view_of(radio)};
    if (IMQTT_WITH_RADIO && change.now.attached && !before.attached)
        contexts_attach(&radio->contexts);
    if (IMQTT_WITH_RADIO && !change.now.attached)
        contexts_detach(&radio->contexts);
    return change;
}

bool radio_stat_changed(const struct radio_change *change, enum radio_domain domain)
{
    return change->before.stats[domain] != change->now.stats[domain];
}

bool radio_place_changed(const struct radio_change *change, enum radio_domain domain)
{
    bool moved = change->before.area != change->now.area || change->before.cell != change->now.cell;
    return radio_stat_changed(change, domain) ||
           (moved && radio_stat_is_registered(change->now.stats[domain]));
}

struct radio_change radio_from_off(struct radio *radio)
{
    return change_since(radio, (struct radio_view){.attached = false});
}

struct radio_change radio_set_network(struct radio *radio, const struct imqtt_radio *network)
{
    struct radio_view before = view_of(radio);
    radio->network = *network;
    return change_since(radio, before);
}

/* Switching on attaches, as an LTE modem does. */
struct radio_change radio_set_function(struct radio *radio, enum radio_function function)
{
    struct radio_view before = view_of(radio);
    if (radio->function != RADIO_FULL)
        radio->detached = false;
    radio->function = (uint8_t)function;
    return change_since(radio, before);
}

/* Registering attaches, as an LTE modem does. */
struct radio_change radio_select_operator(struct radio *radio, uint32_t mode)
{
    struct radio_view before = view_of(radio);
    if (is_without_operator(radio))
        radio->detached = false;
    radio->operator_mode = (uint8_t)mode;
    return change_since(radio, before);
}

struct radio_change radio_detach(struct radio *radio)
{
    struct radio_view before = view_of(radio);
    radio->detached = true;
    return change_since(radio, before);
}

struct radio_change radio_attach(struct radio *radio)
{
    struct radio_view before = view_of(radio);
    radio->detached = false;
    return change_since(radio, before);
}
