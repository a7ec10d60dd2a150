/* radio_service.h: the radio and the connection that needs it. */
#ifndef CORE_MODEM_RADIO_SERVICE_H
#define CORE_MODEM_RADIO_SERVICE_H

#include "core/modem/parts.h"

/* Tells what has changed, and ends a connection that is left without service. */
void modem_follow_radio(struct imqtt_modem *modem, struct radio_change change);

/* AT+IMQTTCONN and DISCONN, as connection_open() and _close() have them; a registration is in the
 * way of the first, and given up by the second. */
enum imqtt_status modem_connect_for_host(struct imqtt_modem *modem);
enum imqtt_status modem_disconnect(struct imqtt_modem *modem);

/* The host goes a way of its own: no attempt that is being waited for is made. */
void modem_forgo_reconnection(struct imqtt_modem *modem);

#endif
