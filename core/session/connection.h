/* connection.h: from settings to a connection, and its end (commands.md section 4). */
#ifndef CORE_SESSION_CONNECTION_H
#define CORE_SESSION_CONNECTION_H

#include "core/bytes/span.h"
#include "imqtt/limits.h"
#include "imqtt/status.h"

struct imqtt_modem;

/* Whether a connection can begin now. LATER: the last one is still being closed; NOT_ALLOWED: there
 * is one, an attempt, or a registration. */
enum imqtt_status connection_check_free(const struct imqtt_modem *modem);

/* Begins to connect with the settings as they are now; the outcome is an event. NOT_ALLOWED: no
 * address, no client id for a kept session, no credentials in Aliyun mode, or not free, see above;
 * NO_NETWORK_SERVICE: the radio is not registered or not attached. */
enum imqtt_status connection_open(struct imqtt_modem *modem);

/* Ends the connection, the attempt, or a registration. NOT_ALLOWED: there is none. */
enum imqtt_status connection_close(struct imqtt_modem *modem);

/* IMQTT_DONE if requests can be made now. */
enum imqtt_status connection_check(const struct imqtt_modem *modem);
/* The same for a publish: Alibaba's platform takes no QoS 2 and nothing retained. */
enum imqtt_status connection_check_publish(const struct imqtt_modem *modem, uint8_t qos,
                                           bool retained);

/* What a request that found no room answers: LATER, or an error if waiting would not help. */
enum imqtt_status connection_no_room(const struct imqtt_modem *modem);

bool connection_has_radio(const struct imqtt_modem *modem);

/* The broker of the settings, or the platform's default for a product. */
struct connection_target {
    char host[IMQTT_ADDRESS_BYTES + 1]; /* NUL-terminated */
    uint16_t port;
};
struct connection_target connection_target(const struct imqtt_modem *modem,
                                           struct span product_key);

#endif
