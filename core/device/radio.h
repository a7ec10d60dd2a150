/* radio.h: the simulated radio: what the network offers, what the host has switched on, and what
 * follows from both for registration reports, PDP contexts and the MQTT connection (commands.md
 * section 6).
 *
 * Service needs function 1, a SIM, registration, and attachment. Without it AT+IMQTTCONN is
 * refused, a connection ends, and no PDP context is active; with it at least one is.
 */
#ifndef CORE_DEVICE_RADIO_H
#define CORE_DEVICE_RADIO_H

#include "core/bytes/out.h"
#include "core/device/contexts.h"
#include "core/settings/settings.h"
#include "imqtt/features.h"
#include "imqtt/modem.h"

struct imqtt_modem;

/* <fun> of AT+CFUN. */
enum radio_function { RADIO_MINIMUM = 0, RADIO_FULL = 1, RADIO_FLIGHT = 4 };

struct radio {
    struct imqtt_radio network; /* what there is, seen from outside */
    uint8_t function;
    bool detached;           /* the host wants it so: AT+CGATT=0 */
    uint8_t operator_format; /* AT+COPS=3 */
    struct contexts contexts;
};

#define RADIO_SIGNAL_UNKNOWN 99
#define RADIO_TECHNOLOGY     "7" /* <AcT>: E-UTRAN */

/* A good network at home. */
struct imqtt_radio radio_network_default(void);

/* Just switched on; the network is as it was. */
struct radio radio_switched_on(const struct imqtt_radio *network,
                               const struct imqtt_memory_port *memory);

/* Tells what the host has asked to be told about a radio that was off before. */
void radio_announce(struct imqtt_modem *modem);

/* ---- what there is ------------------------------------------------------------------------- */

bool radio_is_registered(const struct radio *radio);
/* Registered, and the host has not detached: there is service. */
bool radio_is_attached(const struct radio *radio);

/* 0 to 31, or RADIO_SIGNAL_UNKNOWN. */
uint8_t radio_signal(const struct radio *radio);

/* <stat>[,"<lac>","<ci>",<AcT>]: the place if `mode` is 2 and there is a registration. */
void radio_put_registration(const struct radio *radio, enum report which, uint8_t mode,
                            struct out *out);

/* "+CREG: " and its kin. */
const char *radio_report_name(enum report which);

/* ---- what changes it: each ends a connection that it leaves without service ----------------- */

void radio_set_network(struct imqtt_modem *modem, const struct imqtt_radio *network);
void radio_set_function(struct imqtt_modem *modem, enum radio_function function);
void radio_detach(struct imqtt_modem *modem);
/* NO_NETWORK_SERVICE: not registered. */
enum imqtt_status radio_attach(struct imqtt_modem *modem);

#endif
