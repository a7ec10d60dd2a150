/* netif_ethernet.h: lwIP on the board's Ethernet, with an address from DHCP. */
#ifndef FIRMWARE_NETIF_ETHERNET_H
#define FIRMWARE_NETIF_ETHERNET_H

#include <stdbool.h>

void netif_ethernet_start(void);

/* From the loop: takes in what came, and runs lwIP's timers. */
void netif_ethernet_turn(void);

/* Is there an address? */
bool netif_ethernet_is_up(void);

#endif
