#include "firmware/net/netif_ethernet.h"

#include "firmware/board/ethernet.h"
#include "firmware/board/ticks.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

static struct netif interface;

/* One frame on its way through, in words, as the chip's queues take it. */
static uint32_t frame[(ETHERNET_FRAME_BYTES + 3) / 4];

u32_t sys_now(void)
{
    return (u32_t)ticks_ms();
}

static err_t send(struct netif *netif, struct pbuf *packet)
{
    (void)netif;
    if (packet->tot_len > ETHERNET_FRAME_BYTES)
        return ERR_VAL;
    pbuf_copy_partial(packet, frame, packet->tot_len, 0);
    return ethernet_send_frame(frame, packet->tot_len) ? ERR_OK : ERR_MEM;
}

static err_t set_up(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->output = etharp_output;
    netif->linkoutput = send;
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof netif->hwaddr;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    if (!ethernet_start(netif->hwaddr))
        return ERR_IF;
    netif->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

void netif_ethernet_start(void)
{
    lwip_init();
    if (netif_add_noaddr(&interface, NULL, set_up, ethernet_input) == NULL)
        return; /* no chip: connecting fails, with a reason */
    netif_set_default(&interface);
    netif_set_up(&interface);
    dhcp_start(&interface);
}

/* A frame for which there is no memory is lost; TCP sends it again. */
static void take_frame(size_t bytes)
{
    struct pbuf *packet =
        bytes <= ETHERNET_FRAME_BYTES ? pbuf_alloc(PBUF_RAW, (u16_t)bytes, PBUF_POOL) : NULL;
    if (packet == NULL) {
        ethernet_drop_frame(bytes);
        return;
    }
    ethernet_take_frame(frame, bytes);
    pbuf_take(packet, frame, (u16_t)bytes);
    if (interface.input(packet, &interface) != ERR_OK)
        pbuf_free(packet);
}

void netif_ethernet_turn(void)
{
    size_t bytes;
    while (interface.input && (bytes = ethernet_next_frame()) > 0)
        take_frame(bytes);
    sys_check_timeouts();
}

bool netif_ethernet_is_up(void)
{
    return netif_is_up(&interface) && !ip4_addr_isany_val(*netif_ip4_addr(&interface));
}
