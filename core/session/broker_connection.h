/* broker_connection.h: from settings to a connection, and its end (commands.md section 4). */
#ifndef CORE_SESSION_BROKER_CONNECTION_H
#define CORE_SESSION_BROKER_CONNECTION_H

#include "core/session/broker_link.h"
#include "core/settings/settings.h"
#include "imqtt/status.h"

/* Whether a connection can begin now. LATER: the last one is still being closed; NOT_ALLOWED: there
 * is one, or an attempt. */
enum imqtt_status connection_check_free(const struct broker_link *link);

/* Begins to connect with the settings as they are now; the outcome is an event. NOT_ALLOWED: no
 * address, no client id for a kept session, no credentials in Aliyun mode, or not free, see above;
 * NO_NETWORK_SERVICE: has_service is false; NOT_SUPPORTED: there is no crypto port to sign with.
 * unknown_id: mqtt_connect's, a random number. */
enum imqtt_status connection_open(struct broker_link *link, const struct settings *settings,
                                  const struct imqtt_crypto_port *crypto, bool has_service,
                                  uint16_t unknown_id, uint64_t now_ms);

#if IMQTT_WITH_DIALECTS
/* Opens the network of the settings' broker and says nothing; connection_open() goes on from there.
 * NOT_ALLOWED: there is no address, or not free; NO_NETWORK_SERVICE, LATER: as above. */
enum imqtt_status connection_dial(struct broker_link *link, const struct settings *settings,
                                  bool has_service, uint64_t now_ms);
#endif

/* Ends the connection, or the attempt. NOT_ALLOWED: there is none. */
enum imqtt_status connection_close(struct broker_link *link, uint64_t now_ms);

/* Whether Alibaba's platform, if that is what is connected, takes it: no QoS 2, nothing retained. */
bool connection_takes_publish(const struct broker_link *link, uint8_t qos, bool retained);

/* What a request that found no room answers: LATER, or an error if waiting would not help. */
enum imqtt_status connection_no_room(const struct broker_link *link, uint64_t now_ms);

/* The broker of the settings, or the platform's default for a product. */
void connection_find_target(const struct settings *settings, struct span product_key,
                            struct connection_target *target);

#endif
