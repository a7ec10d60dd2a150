/* modem_clients.h: the connections of one modem, one for each of its clients. Most modems have one. The first
 * is always there; a further one is borrowed when its client first connects, and kept until power off.
 *
 * What happens now is about modem->link. That is the first one's but while another is turned to, for
 * a call from outside, a command that names its client, or a walk over all of them:
 *
 *     for (uint8_t client = modem_client_count(modem); client-- > 0;)
 *         if (modem_turn_to(modem, client)) … the first one last, so that it is turned to again
 */
#ifndef CORE_MODEM_MODEM_CLIENTS_H
#define CORE_MODEM_MODEM_CLIENTS_H

#include "core/modem/one_client.h"
#include "core/modem/several_clients.h"

/* Of power on and off: the first one's connection begins; all of them end, without a farewell. */
void clients_begin(struct imqtt_modem *modem);
void clients_end(struct imqtt_modem *modem);

/* A session of CLEAN,0 is to outlive a power cut, and there is a store for it. */
bool clients_keep_sessions(const struct imqtt_modem *modem);

/* The store of the client that is turned to. */
static inline const struct imqtt_store_port *modem_store(const struct imqtt_modem *modem)
{
    return modem_store_of(modem, modem_client(modem));
}

#if IMQTT_WITH_DIALECTS
/* The link that a host means by an index: the only one, whatever the index, or that of the client of
 * this number. NULL: it has not connected since power on, or there is none for such an index. */
struct broker_link *modem_link_at(struct imqtt_modem *modem, uint8_t index);

/* Turns to it, for a connection of that index. NOT_ALLOWED: there is none for such an index;
 * UNKNOWN_ERROR: there is no memory. */
enum imqtt_status modem_turn_to_index(struct imqtt_modem *modem, uint8_t index);
#endif

#endif
