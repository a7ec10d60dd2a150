/* detours.h: IMQTT_CONNECT_TO, for tests and for drivers with a broker's name built in.
 *
 *     IMQTT_CONNECT_TO="HOST:PORT=HOST2:PORT2[,…]"
 *
 * A connection to HOST:PORT goes to HOST2:PORT2 instead. The certificate is still that of HOST.
 */
#ifndef HOST_DETOURS_H
#define HOST_DETOURS_H

#include "host/endpoint.h"

struct detours { /* all zero: none */
    struct detour *each;
    size_t count;
};

/* Reads what the variable holds; NULL or empty: none. false: not of that form, or no memory. */
bool detours_parse(struct detours *detours, const char *text);

/* Changes where to go, if there is a detour. */
void detours_apply(const struct detours *detours, struct endpoint *endpoint);

void detours_end(struct detours *detours);

#endif
