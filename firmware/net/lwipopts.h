/* lwipopts.h: lwIP as this firmware uses it: no threads, raw callbacks, IPv4, TCP and TLS. */
#ifndef FIRMWARE_LWIPOPTS_H
#define FIRMWARE_LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0 /* everything is called from the loop */
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_STATS           1 /* of the heap alone */
#define LWIP_STATS_LARGE     1
#define MEM_STATS            1
#define LINK_STATS           0
#define ETHARP_STATS         0
#define IP_STATS             0
#define IPFRAG_STATS         0
#define ICMP_STATS           0
#define UDP_STATS            0
#define TCP_STATS            0
#define MEMP_STATS           0
#define SYS_STATS            0

#define LWIP_IPV4                     1
#define LWIP_IPV6                     0
#define LWIP_ARP                      1
#define LWIP_DHCP                     1
#define LWIP_DNS                      1
#define LWIP_RAW                      0
#define DHCP_DOES_ARP_CHECK           0
#define DNS_MAX_NAME_LENGTH           256
#define DNS_LOCAL_HOSTLIST            1 /* names that the rig gives */
#define DNS_LOCAL_HOSTLIST_IS_DYNAMIC 1

#define LWIP_ALTCP             1
#define LWIP_ALTCP_TLS         1
#define LWIP_ALTCP_TLS_MBEDTLS 1

/* The heap also holds TLS: 16 KB of a record that comes, 4 KB of one that goes, certificates. */
#define MEM_ALIGNMENT 8
#define MEM_SIZE      (96 * 1024)

/* A record is acknowledged when it is whole: the window is larger than one. */
#define TCP_MSS            1460
#define TCP_WND            (12 * TCP_MSS)
#define TCP_SND_BUF        (4 * TCP_MSS)
#define TCP_SND_QUEUELEN   32
#define MEMP_NUM_TCP_SEG   32
#define MEMP_NUM_TCP_PCB   4
#define MEMP_NUM_ALTCP_PCB 8
#define MEMP_NUM_UDP_PCB   4
#define PBUF_POOL_SIZE     32
#define PBUF_POOL_BUFSIZE  1536

#endif
