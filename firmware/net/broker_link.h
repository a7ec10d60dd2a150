/* broker_link.h: the network port on lwIP's altcp: one TCP connection, or TLS in it.
 *
 * What lwIP reports is kept here, and told to the modem from the loop: first the bytes that came,
 * then the end. The modem's pace is TCP's: bytes that it has not used are not acknowledged.
 */
#ifndef FIRMWARE_BROKER_LINK_H
#define FIRMWARE_BROKER_LINK_H

#include "imqtt/modem.h"

struct altcp_pcb;
struct pbuf;

enum broker_link_state {
    BROKER_LINK_CLOSED,
    BROKER_LINK_WAITING, /* for the loop, and for an address from DHCP */
    BROKER_LINK_RESOLVING,
    BROKER_LINK_CONNECTING,
    BROKER_LINK_OPEN,
};

struct broker_link {
    enum broker_link_state state;
    struct altcp_pcb *pcb; /* while CONNECTING and OPEN, until it has ended by itself */
    struct pbuf *received; /* what came and the modem has not used */
    char host[IMQTT_ADDRESS_BYTES + 1];
    uint16_t port;
    bool tls;
    bool has_opened, has_ended; /* to be told */
    struct imqtt_failure failure;
};

/* The link stays where it is while the port is used. */
struct imqtt_network_port broker_link_port(struct broker_link *link);

/* From the loop: goes on with opening, and tells the modem what has happened. */
void broker_link_turn(struct broker_link *link, struct imqtt_modem *modem, uint64_t now_ms);

#endif
