#include "core/modem/flow.h"
#include "core/modem/command_line.h"

/* One answer may be larger; what the terminal is owed for requests already made comes on top. */
void flow_limit_output(struct imqtt_modem *modem, bool is_short_of_memory)
{
    modem->output_high_bytes = is_short_of_memory ? 1 : IMQTT_OUTPUT_HIGH_BYTES;
}

size_t flow_waiting_output(const struct imqtt_modem *modem)
{
    return modem->output.count + urcs_waiting(&modem->urcs);
}

/* Whatever runs: the host types data, or lines that are answered without being run. */
static bool takes_more(const struct imqtt_modem *modem)
{
#if IMQTT_WITH_DIALECTS
    return modem_takes_data(modem) || command_line_is_busy(modem);
#else
    return modem_takes_data(modem);
#endif
}

bool flow_takes_terminal_input(const struct imqtt_modem *modem)
{
    bool ready = modem->command == COMMAND_NONE || takes_more(modem);
    return ready && !modem->is_starting && modem->output.count < modem->output_high_bytes;
}

/* A host that keeps messages in slots reads one before the broker is read again. */
static bool slots_are_full(const struct broker_link *link)
{
#if IMQTT_WITH_DIALECTS
    return link->slots > 0 && link->inbox.count >= link->slots;
#else
    (void)link;
    return false;
#endif
}

/* The host must keep reading for the broker to be read, but for a registration: what it receives is
 * not for the host. */
bool flow_host_keeps_up(const struct imqtt_modem *modem, const struct broker_link *link)
{
    if (dynreg_is_under_way(modem))
        return true;
    return flow_waiting_output(modem) < modem->output_high_bytes &&
           receipts_have_room(&link->receipts) && !slots_are_full(link);
}

bool flow_takes_network_input(const struct imqtt_modem *modem, const struct broker_link *link)
{
    return flow_host_keeps_up(modem, link) && !mqtt_client_is_backed_up(&link->mqtt);
}
