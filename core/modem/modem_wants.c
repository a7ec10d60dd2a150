/* modem_wants.c: what the loop should do next, and what the modem is. */
#include "core/modem/modem_clients.h"
#include "core/modem/command_line.h"
#include "core/modem/flow.h"
#include "imqtt/clients.h"

static struct imqtt_wants wants_of(const struct imqtt_modem *modem, const struct broker_link *link)
{
    return (struct imqtt_wants){
        .terminal_input = flow_takes_terminal_input(modem),
        .network_input = flow_takes_network_input(modem, link),
        .terminal_room = modem->output.count > 0 || modem->command == COMMAND_HELD,
        .network_room = mqtt_client_has_output(&link->mqtt),
    };
}

struct imqtt_wants imqtt_modem_wants(const struct imqtt_modem *modem)
{
    return wants_of(modem, modem_link_of(modem, 0));
}

#if IMQTT_CLIENTS > 1
struct imqtt_wants imqtt_modem_client_wants(const struct imqtt_modem *modem, uint8_t client)
{
    const struct broker_link *link = modem_link_of(modem, client);
    struct imqtt_wants wants = wants_of(modem, link != NULL ? link : &modem->first_link);
    wants.network_input = wants.network_input && link != NULL;
    wants.network_room = wants.network_room && link != NULL;
    return wants;
}
#endif

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A command that waits for something else is not run again by this one. */
static uint64_t room_deadline_ms(const struct imqtt_modem *modem, const struct broker_link *link)
{
    uint64_t deadline_ms = mqtt_client_room_deadline(&link->mqtt);
    return deadline_ms > modem->now_ms ? deadline_ms : UINT64_MAX;
}

/* Of whichever client comes first. */
static uint64_t link_deadline_ms(const struct imqtt_modem *modem)
{
    bool waits = modem->command == COMMAND_WAITS;
    uint64_t deadline_ms = waits ? command_line_end_of_wait_ms(modem) : UINT64_MAX;
    for (uint8_t client = modem_client_count(modem); client-- > 0;) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (link == NULL)
            continue;
        deadline_ms = earlier(deadline_ms, mqtt_client_next_deadline(&link->mqtt));
        if (waits)
            deadline_ms = earlier(deadline_ms, room_deadline_ms(modem, link));
    }
    return deadline_ms;
}

uint64_t imqtt_modem_next_deadline(const struct imqtt_modem *modem)
{
    uint64_t deadline_ms = link_deadline_ms(modem);
    if (dynreg_is_under_way(modem))
        deadline_ms =
            earlier(deadline_ms, aliyun_registration_next_deadline(&modem->dynreg.machine));
    if (IMQTT_WITH_RECONNECT && modem->reconnection.step == RECONNECTION_WAITS)
        deadline_ms = earlier(deadline_ms, modem->reconnection.due_ms);
    if (modem->data.open)
        deadline_ms = earlier(deadline_ms, modem->data.deadline_ms);
#if IMQTT_WITH_DIALECTS
    if (modem->typed.is_open)
        deadline_ms = earlier(deadline_ms, typed_deadline_ms(&modem->typed));
#endif
    if (modem->urcs.held && urcs_waiting(&modem->urcs) > 0 && line_is_partial(&modem->line) &&
        !modem_takes_data(modem))
        deadline_ms = earlier(deadline_ms, modem->last_byte_ms + IMQTT_TYPING_PAUSE_MS);
    return deadline_ms;
}

static bool link_is_idle(const struct broker_link *link)
{
    enum mqtt_state state = mqtt_client_state(&link->mqtt);
    bool steady = state == MQTT_IDLE || state == MQTT_ONLINE;
#if IMQTT_WITH_DIALECTS
    steady |= state == MQTT_OPENED; /* what comes next is the host's affair */
#endif
    return steady && mqtt_client_is_quiet(&link->mqtt);
}

static bool links_are_idle(const struct imqtt_modem *modem)
{
    for (uint8_t client = modem_client_count(modem); client-- > 0;) {
        const struct broker_link *link = modem_link_of(modem, client);
        if (link != NULL && !link_is_idle(link))
            return false;
    }
    return true;
}

bool imqtt_modem_is_idle(const struct imqtt_modem *modem)
{
    return links_are_idle(modem) && modem->records.question != RECORDS_SAVE &&
           !modem->is_starting && !dynreg_is_under_way(modem) &&
           (modem->command == COMMAND_NONE || modem_takes_data(modem)) &&
           flow_waiting_output(modem) == 0;
}

static bool link_is_connected(const struct imqtt_modem *modem, uint8_t client)
{
    const struct broker_link *link = modem_link_of(modem, client);
    bool is_hosts = client > 0 || !dynreg_is_under_way(modem);
    return is_hosts && link != NULL && broker_link_is_connected(link);
}

bool imqtt_modem_is_connected(const struct imqtt_modem *modem)
{
    bool is_connected = false;
    for (uint8_t client = modem_client_count(modem); client-- > 0;)
        is_connected |= link_is_connected(modem, client);
    return is_connected;
}

#if IMQTT_CLIENTS > 1
bool imqtt_modem_client_is_connected(const struct imqtt_modem *modem, uint8_t client)
{
    return link_is_connected(modem, client);
}
#endif

struct imqtt_radio imqtt_modem_radio(const struct imqtt_modem *modem)
{
    return modem->radio.network;
}
