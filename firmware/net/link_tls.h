/* link_tls.h: a TLS connection of lwIP's altcp, and why one failed.
 *
 * The broker must have a certificate of the factory's authorities (firmware/port/factory_page.h) for the
 * name or the IPv4 address that the host gave, valid at the time that AT+CCLK? shows.
 */
#ifndef FIRMWARE_LINK_TLS_H
#define FIRMWARE_LINK_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "imqtt/failure.h"

struct altcp_pcb;

/* The time that certificates are checked against, ms since 1970. */
void link_tls_set_time(uint64_t unix_time_ms);

/* host outlives the connection. false: TLS is refused, and why. *pcb NULL: there is no memory. */
bool link_tls_new(struct altcp_pcb **pcb, const char *host, struct imqtt_failure *why);

/* Has the handshake begun: does the TCP connection stand? */
bool link_tls_has_begun(struct altcp_pcb *pcb);

/* Of a handshake that has failed, while its connection still exists. */
struct imqtt_failure link_tls_failure(struct altcp_pcb *pcb);

#endif
