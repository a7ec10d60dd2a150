/* flow.h: which side may be read: what waits for the terminal holds both up. */
#ifndef CORE_MODEM_FLOW_H
#define CORE_MODEM_FLOW_H

#include "core/modem/parts.h"

/* How much output may wait before neither side is read any more. */
void flow_limit_output(struct imqtt_modem *modem, bool is_short_of_memory);

/* Bytes for the terminal, URCs that may not leave yet included. */
size_t flow_waiting_output(const struct imqtt_modem *modem);

/* What the loop may hand in now. */
bool flow_takes_terminal_input(const struct imqtt_modem *modem);
bool flow_takes_network_input(const struct imqtt_modem *modem, const struct broker_link *link);

/* The host reads what it is owed: else the broker is not read either. */
bool flow_host_keeps_up(const struct imqtt_modem *modem, const struct broker_link *link);

#endif
