/* clients.h: several clients in one modem, where its dialect counts them (imqtt/dialect.h): each has a
 * connection of its own, to a broker of its own, with its settings, subscriptions and limits. They
 * share the terminal, the radio, the deadline and the store's one question at a time.
 *
 * Client 0 is the first. It is a modem's only one unless imqtt_options.clients says otherwise, and
 * what modem.h and inspect.h say of a network or a connection without a number is about it. What is
 * here is for the others, or for any of them by its number.
 */
#ifndef IMQTT_CLIENTS_H
#define IMQTT_CLIENTS_H

#include "imqtt/inspect.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a client behind the first has of its own. The answers of its network come through the verbs
 * below, those of its store through imqtt_modem_loaded() and _saved(). Only tls.secure is looked at
 * of tls. */
struct imqtt_client_ports {
    struct imqtt_network_port network;
    struct imqtt_memory_port memory;
    struct imqtt_store_port store;
    struct imqtt_tls_port tls;
};

#if IMQTT_CLIENTS > 1
/* How many this modem has: as asked for, and no more than its dialect counts. */
IMQTT_PUBLIC uint8_t imqtt_modem_clients(const struct imqtt_modem *modem);

/* As imqtt_modem_network_opened() and its kin. */
IMQTT_PUBLIC void imqtt_modem_client_opened(struct imqtt_modem *modem, uint8_t client,
                                            uint64_t now_ms);
IMQTT_PUBLIC size_t imqtt_modem_client_input(struct imqtt_modem *modem, uint8_t client,
                                             const uint8_t *bytes, size_t count, uint64_t now_ms);
IMQTT_PUBLIC void imqtt_modem_client_failed(struct imqtt_modem *modem, uint8_t client,
                                            const struct imqtt_failure *failure, uint64_t now_ms);

/* As imqtt_modem_wants(), with the sides of that client's network. */
IMQTT_PUBLIC struct imqtt_wants imqtt_modem_client_wants(const struct imqtt_modem *modem,
                                                         uint8_t client);

/* Whether that one is connected; and what inspect.h says of the first. */
IMQTT_PUBLIC bool imqtt_modem_client_is_connected(const struct imqtt_modem *modem, uint8_t client);
IMQTT_PUBLIC struct imqtt_failure imqtt_modem_client_last_failure(const struct imqtt_modem *modem,
                                                                  uint8_t client);
IMQTT_PUBLIC struct imqtt_counts imqtt_modem_client_counts(const struct imqtt_modem *modem,
                                                           uint8_t client);
IMQTT_PUBLIC void imqtt_modem_client_visit_subscriptions(const struct imqtt_modem *modem,
                                                         uint8_t client,
                                                         imqtt_subscription_visitor *visit,
                                                         void *context);
#endif

#ifdef __cplusplus
}
#endif

#endif
