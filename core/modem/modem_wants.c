/* modem_wants.c: what the loop should do next, and what the modem is. */
#include "core/modem/command_line.h"
#include "core/modem/flow.h"
#include "core/modem/session_saving.h"

struct imqtt_wants imqtt_modem_wants(const struct imqtt_modem *modem)
{
    return (struct imqtt_wants){
        .terminal_input = flow_takes_terminal_input(modem),
        .network_input = flow_takes_network_input(modem),
        .terminal_room = modem->output.count > 0 || modem->command == COMMAND_HELD,
        .network_room = mqtt_client_has_output(&modem->link.mqtt),
    };
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A command that waits for something else is not run again by this one. */
static uint64_t waiting_deadline_ms(const struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_WAITS)
        return UINT64_MAX;
    uint64_t deadline_ms = mqtt_client_room_deadline(&modem->link.mqtt);
    return earlier(deadline_ms > modem->now_ms ? deadline_ms : UINT64_MAX,
                   command_line_end_of_wait_ms(modem));
}

uint64_t imqtt_modem_next_deadline(const struct imqtt_modem *modem)
{
    uint64_t deadline_ms = mqtt_client_next_deadline(&modem->link.mqtt);
    deadline_ms = earlier(deadline_ms, waiting_deadline_ms(modem));
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

bool imqtt_modem_is_idle(const struct imqtt_modem *modem)
{
    enum mqtt_state state = mqtt_client_state(&modem->link.mqtt);
    bool steady = state == MQTT_IDLE || state == MQTT_ONLINE;
    return steady && modem->records.question != RECORDS_SAVE && !modem->is_starting &&
           !dynreg_is_under_way(modem) &&
           (modem->command == COMMAND_NONE || modem_takes_data(modem)) &&
           mqtt_client_is_quiet(&modem->link.mqtt) && flow_waiting_output(modem) == 0;
}

bool imqtt_modem_is_connected(const struct imqtt_modem *modem)
{
    return modem_is_connected(modem);
}

struct imqtt_radio imqtt_modem_radio(const struct imqtt_modem *modem)
{
    return modem->radio.network;
}
