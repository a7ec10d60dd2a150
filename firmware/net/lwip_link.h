/* lwip_link.h: the network port on lwIP's altcp: one TCP connection, or TLS in it.
 *
 * What lwIP reports is kept here, and told to the modem from the loop: first the bytes that came,
 * then the end. The modem's pace is TCP's: bytes that it has not used are not acknowledged.
 */
#ifndef FIRMWARE_LWIP_LINK_H
#define FIRMWARE_LWIP_LINK_H

#include "imqtt/modem.h"

struct altcp_pcb;
struct pbuf;

enum lwip_link_state {
    LWIP_LINK_CLOSED,
    LWIP_LINK_WAITING, /* for the loop, and for an address from DHCP */
    LWIP_LINK_RESOLVING,
    LWIP_LINK_CONNECTING,
    LWIP_LINK_OPEN,
};

struct lwip_link {
    enum lwip_link_state state;
    struct altcp_pcb *pcb; /* while CONNECTING and OPEN, until it has ended by itself */
    struct pbuf *received; /* what came and the modem has not used */
    char host[IMQTT_ADDRESS_BYTES + 1];
    uint16_t port;
    bool tls;
    bool has_opened, has_ended; /* to be told */
    struct imqtt_failure failure;
};

/* The link stays where it is while the port is used. */
struct imqtt_network_port lwip_link_port(struct lwip_link *link);

/* From the loop: goes on with opening, and tells the modem what has happened. */
void lwip_link_turn(struct lwip_link *link, struct imqtt_modem *modem, uint64_t now_ms);

#endif
