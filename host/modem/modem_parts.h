/* modem_parts.h: what a modem of the program consists of, for the files that make it up: modem.c
 * (its turn and its life), modem_power.c (the core and what belongs to it, from power on to power
 * off), modem_control.c (what its owner does to it), modem_news.c (what it tells), modem_faults.c.
 */
#ifndef HOST_MODEM_MODEM_PARTS_H
#define HOST_MODEM_MODEM_PARTS_H

#include "host/modem/host_modem.h"
#include "host/modem/host_parts.h"
#include "host/modem/tap.h"
#include "host/modem/uplinks.h"
#include "host/terminal/terminal.h"
#include "imqtt/pump.h"

struct host_modem {
    struct task task; /* first: it is all that settle() gets */
    struct host *host;
    struct host_modem *next;
    struct host_modem **link; /* what points to it in the host's list */
    const struct modem_config *config;
    struct terminal *terminal; /* the uppermost: what the core writes to */
    const char *label;         /* of the terminal itself */
    void *kept;                /* the observer's */
    struct alarm *alarm;
    uint64_t alarm_ms; /* when it rings */
    struct imqtt_radio radio;
    uint32_t news_wanted[NEWS_LISTENERS]; /* sets of kinds */
    uint32_t news_kinds;                  /* all of those */
    struct fault_set faults;
    struct fault_listener fault_listener;
    struct terminal *uart_faults; /* NULL: there are none */
    struct fault_set *pace;       /* the one that the configuration's baud is made of; NULL: none */
    struct terminal *pace_terminal;
    bool reboots;
    bool is_frozen;
    const struct tap *tap;
    struct terminal *tap_terminal;
    struct terminal *player;

    /* From power on to power off. */
    struct imqtt_modem *core; /* NULL: it is off */
    struct imqtt_pump pump;   /* between it, the terminal and the uplinks */
    struct uplinks uplinks;
    struct imqtt_client_ports *client_ports;   /* of the clients behind the first; NULL: none */
    struct modem_store *stores[IMQTT_CLIENTS]; /* of each; NULL: nothing is kept over restarts */
    struct memory_account memory;
    bool waits_for_memory;
    size_t typed_bytes;     /* in this turn */
    uint64_t rest_until_ms; /* nothing is read before; 0: it is */

    bool has_hung_up;
    bool is_shutting_down;
    char name[];
};

static inline uint64_t host_modem_now_ms(const struct host_modem *modem)
{
    return loop_now_ms(&modem->host->loop);
}

/* Off, but what was sent still arrives before the connection is closed, without DISCONNECT. */
void host_modem_end_core(struct host_modem *modem);

/* Of its faults: modem_faults.c. begin also puts the pace of the configuration in. */
void host_modem_faults_begin(struct host_modem *modem);
void host_modem_faults_end(struct host_modem *modem);
void host_modem_faults_power_on(struct host_modem *modem); /* ends what power ends */
void host_modem_faults_settle(struct host_modem *modem);   /* once a turn */
bool host_modem_set_pace(struct host_modem *modem, struct host_refusal *refusal);

struct imqtt_news_port host_modem_news_port(struct host_modem *modem);

#endif
