/* redirects.h: IMQTT_CONNECT_TO, for tests and for drivers with a broker's name built in.
 *
 *     IMQTT_CONNECT_TO="HOST:PORT=HOST2:PORT2[,…]"
 *
 * A connection to HOST:PORT goes to HOST2:PORT2 instead; HOST * is any, and * for both is every one.
 * The certificate is still that of HOST. The first one that fits counts.
 */
#ifndef HOST_NET_REDIRECTS_H
#define HOST_NET_REDIRECTS_H

#include "host/net/endpoint.h"

struct redirects { /* all zero: none */
    struct redirect *each;
    size_t count;
};

/* Reads what the variable holds; NULL or empty: none. false: not of that form, or no memory. */
bool redirects_parse(struct redirects *redirects, const char *text);

/* Changes where to go, if there is a redirect. */
void redirects_apply(const struct redirects *redirects, struct endpoint *endpoint);

void redirects_end(struct redirects *redirects);

#endif
