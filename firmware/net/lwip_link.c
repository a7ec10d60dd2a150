#include "firmware/net/lwip_link.h"

#include <errno.h>
#include <string.h>

#include "firmware/net/link_tls.h"
#include "firmware/net/netif_ethernet.h"
#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"
#include "lwip/dns.h"

/* ---- its end -------------------------------------------------------------------------------- */

static void end_with(struct lwip_link *link, struct imqtt_failure failure)
{
    link->has_ended = true;
    link->failure = failure;
}

static void end(struct lwip_link *link, enum imqtt_stage stage, int32_t code, const char *text)
{
    end_with(link, (struct imqtt_failure){stage, code, text});
}

/* Lets go of the connection without a word to the modem: what was written is still sent. */
static void let_go(struct lwip_link *link)
{
    struct altcp_pcb *pcb = link->pcb;
    link->pcb = NULL;
    if (pcb == NULL)
        return;
    altcp_arg(pcb, NULL);
    altcp_recv(pcb, NULL);
    altcp_err(pcb, NULL);
    if (altcp_close(pcb) != ERR_OK)
        altcp_abort(pcb);
}

static struct imqtt_failure why_not_opened(const struct lwip_link *link, err_t error)
{
    if (link->tls && link_tls_has_begun(link->pcb))
        return link_tls_failure(link->pcb);
    if (error == ERR_RST)
        return (struct imqtt_failure){IMQTT_STAGE_TCP, ECONNREFUSED, "connection refused"};
    if (error == ERR_MEM || error == ERR_BUF)
        return (struct imqtt_failure){IMQTT_STAGE_TCP, ENOMEM, "out of memory"};
    return (struct imqtt_failure){IMQTT_STAGE_TCP, ETIMEDOUT, "connection timed out"};
}

/* lwIP has freed the connection, or is about to. */
static void failed(void *context, err_t error)
{
    struct lwip_link *link = context;
    if (link->state != LWIP_LINK_OPEN)
        end_with(link, why_not_opened(link, error));
    else if (error == ERR_RST)
        end(link, IMQTT_STAGE_PEER, ECONNRESET, "connection reset by peer");
    else
        end(link, IMQTT_STAGE_PEER, ETIMEDOUT, "connection timed out");
    link->pcb = NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

static err_t received(void *context, struct altcp_pcb *pcb, struct pbuf *bytes, err_t error)
{
    struct lwip_link *link = context;
    (void)pcb, (void)error;
    if (bytes == NULL)
        end(link, IMQTT_STAGE_PEER, 0, "connection closed by the broker");
    else if (link->received == NULL)
        link->received = bytes;
    else
        pbuf_cat(link->received, bytes);
    return ERR_OK;
}

/* first: of what was received; gone when what came made the modem close the connection. false: the
 * modem has taken less than there was. */
static bool offer(struct lwip_link *link, const struct pbuf *first, struct imqtt_modem *modem,
                  uint64_t now_ms)
{
    size_t count = first->len;
    size_t used = imqtt_modem_network_input(modem, first->payload, count, now_ms);
    if (link->received == NULL)
        return false;
    link->received = pbuf_free_header(link->received, (u16_t)used);
    if (link->pcb != NULL)
        altcp_recved(link->pcb, (u16_t)used);
    return used == count;
}

/* ---- opening -------------------------------------------------------------------------------- */

static err_t connected(void *context, struct altcp_pcb *pcb, err_t error)
{
    struct lwip_link *link = context;
    (void)pcb, (void)error; /* an attempt that fails ends in failed() */
    link->state = LWIP_LINK_OPEN;
    link->has_opened = true;
    return ERR_OK;
}

static struct altcp_pcb *new_connection(struct lwip_link *link)
{
    struct altcp_pcb *pcb = NULL;
    if (!link->tls)
        pcb = altcp_tcp_new();
    else if (!link_tls_new(&pcb, link->host, &link->failure)) {
        link->has_ended = true;
        return NULL;
    }
    if (pcb == NULL)
        end(link, IMQTT_STAGE_TCP, ENOMEM, "out of memory");
    return pcb;
}

static void connect_to(struct lwip_link *link, const ip_addr_t *address)
{
    link->pcb = new_connection(link);
    if (link->pcb == NULL)
        return;
    link->state = LWIP_LINK_CONNECTING;
    altcp_arg(link->pcb, link);
    altcp_err(link->pcb, failed);
    altcp_recv(link->pcb, received);
    altcp_nagle_disable(link->pcb);
    err_t error = altcp_connect(link->pcb, address, link->port, connected);
    if (error != ERR_OK) {
        end_with(link, why_not_opened(link, error));
        let_go(link);
    }
}

/* An answer that comes after its attempt was given up is for nobody. */
static void resolved(const char *name, const ip_addr_t *address, void *context)
{
    struct lwip_link *link = context;
    if (link->state != LWIP_LINK_RESOLVING || strcmp(name, link->host) != 0)
        return;
    if (address == NULL)
        end(link, IMQTT_STAGE_DNS, 0, "Name or service not known");
    else
        connect_to(link, address);
}

static void resolve(struct lwip_link *link)
{
    ip_addr_t address;
    link->state = LWIP_LINK_RESOLVING;
    err_t error = dns_gethostbyname(link->host, &address, resolved, link);
    if (error == ERR_OK)
        connect_to(link, &address);
    else if (error != ERR_INPROGRESS)
        end(link, IMQTT_STAGE_DNS, 0, "Name or service not known");
}

/* ---- the port ------------------------------------------------------------------------------- */

static void forget(struct lwip_link *link)
{
    if (link->received != NULL)
        pbuf_free(link->received);
    *link = (struct lwip_link){.state = LWIP_LINK_CLOSED};
}

static void open_link(void *context, const char *host, uint16_t port, bool tls)
{
    struct lwip_link *link = context;
    forget(link);
    memcpy(link->host, host, strlen(host) + 1); /* limits.h: it fits */
    link->port = port;
    link->tls = tls;
    link->state = LWIP_LINK_WAITING;
}

/* As much as lwIP has room for now: over TLS a record is written whole or not at all. */
static size_t write_link(void *context, const uint8_t *bytes, size_t count)
{
    struct lwip_link *link = context;
    if (link->pcb == NULL || link->state != LWIP_LINK_OPEN)
        return 0;
    size_t room = altcp_sndbuf(link->pcb);
    size_t written = count < room ? count : room;
    if (written == 0 || altcp_sndqueuelen(link->pcb) > TCP_SND_QUEUELEN / 2)
        return 0;
    if (altcp_write(link->pcb, bytes, (u16_t)written, TCP_WRITE_FLAG_COPY) == ERR_OK) {
        altcp_output(link->pcb);
        return written;
    }
    if (link->tls) { /* part of a record may have left: the stream cannot go on */
        end(link, IMQTT_STAGE_TLS, ENOMEM, "out of memory");
        let_go(link);
    }
    return 0;
}

static void close_link(void *context)
{
    struct lwip_link *link = context;
    let_go(link);
    forget(link);
}

struct imqtt_network_port lwip_link_port(struct lwip_link *link)
{
    return (struct imqtt_network_port){link, open_link, write_link, close_link};
}

static void tell_end(struct lwip_link *link, struct imqtt_modem *modem, uint64_t now_ms)
{
    struct imqtt_failure failure = link->failure;
    close_link(link);
    imqtt_modem_network_failed(modem, &failure, now_ms);
}

void lwip_link_turn(struct lwip_link *link, struct imqtt_modem *modem, uint64_t now_ms)
{
    if (link->state == LWIP_LINK_WAITING && netif_ethernet_is_up())
        resolve(link);
    if (link->has_opened) {
        link->has_opened = false;
        imqtt_modem_network_opened(modem, now_ms);
    }
    while (link->received != NULL && offer(link, link->received, modem, now_ms)) {
    }
    if (link->has_ended && link->received == NULL)
        tell_end(link, modem, now_ms);
}
