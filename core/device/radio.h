/* radio.h: the simulated radio: what the network offers, what the host has switched on, and what
 * follows from both for PDP contexts (commands.md section 6).
 *
 * Service needs function 1, a SIM, registration, and attachment. Without it no PDP context is
 * active; with it at least one is. Whatever changes the radio returns what it looked like before
 * and looks like now: what a host is told of that, and what it means for an MQTT connection, is for
 * others to say.
 */
#ifndef CORE_DEVICE_RADIO_H
#define CORE_DEVICE_RADIO_H

#include "core/device/contexts.h"
#include "imqtt/features.h"
#include "imqtt/modem.h"

/* <fun> of AT+CFUN. */
enum radio_function { RADIO_MINIMUM = 0, RADIO_FULL = 1, RADIO_FLIGHT = 4 };

/* Where a registration counts: circuits (AT+CREG), and packets of 2G/3G and of LTE (AT+CGREG,
 * CEREG). */
enum radio_domain { DOMAIN_CREG, DOMAIN_CGREG, DOMAIN_CEREG, RADIO_DOMAINS };

/* <mode> of AT+COPS. */
enum { OPERATOR_AUTOMATIC = 0, OPERATOR_MANUAL = 1, OPERATOR_NONE = 2 };

struct radio {
    struct imqtt_radio network; /* what there is, seen from outside */
    uint8_t function;
    bool detached;           /* the host wants it so: AT+CGATT=0 */
    uint8_t operator_mode;   /* AT+COPS: OPERATOR_AUTOMATIC, … */
    uint8_t operator_format; /* AT+COPS=3 */
    struct contexts contexts;
};

#define RADIO_SIGNAL_UNKNOWN 99

/* A good network at home. */
struct imqtt_radio radio_network_default(void);

/* Switches it on; the network stays as it is. Its contexts are new and borrow nothing yet. */
void radio_switch_on(struct radio *radio, const struct imqtt_memory_port *memory);
/* Gives the memory back. */
void radio_switch_off(struct radio *radio);

/* ---- what there is ------------------------------------------------------------------------- */

/* <stat> of 27.007, and whether it means service. */
uint8_t radio_stat(const struct radio *radio, enum radio_domain domain);
bool radio_stat_is_registered(uint8_t stat);

bool radio_is_registered(const struct radio *radio);
/* Whether it would be, if the host wanted an operator. */
bool radio_sees_network(const struct radio *radio);
/* Registered, and the host has not detached: there is service. */
bool radio_is_attached(const struct radio *radio);
/* NULL: there is service. */
const char *radio_why_no_service(const struct radio *radio);

/* 0 to 31, or RADIO_SIGNAL_UNKNOWN. */
uint8_t radio_signal(const struct radio *radio);

/* ---- what changes it ------------------------------------------------------------------------ */

/* What it looks like. All zero: switched off. */
struct radio_view {
    uint8_t stats[RADIO_DOMAINS];
    bool attached;
    uint16_t area;
    uint32_t cell;
};

struct radio_change {
    struct radio_view before, now;
};

/* Whether <stat> is another one; whether it is, or the place where it is registered. */
bool radio_stat_changed(const struct radio_change *change, enum radio_domain domain);
bool radio_place_changed(const struct radio_change *change, enum radio_domain domain);

/* From off to what it is, for a radio just switched on. */
struct radio_change radio_from_off(struct radio *radio);

struct radio_change radio_set_network(struct radio *radio, const struct imqtt_radio *network);
struct radio_change radio_set_function(struct radio *radio, enum radio_function function);
struct radio_change radio_select_operator(struct radio *radio, uint32_t mode);
struct radio_change radio_detach(struct radio *radio);
/* Only if it is registered. */
struct radio_change radio_attach(struct radio *radio);

#endif
