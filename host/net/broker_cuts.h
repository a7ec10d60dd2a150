/* broker_cuts.h: how far a connection is from the places where faults cut it. */
#ifndef HOST_NET_BROKER_CUTS_H
#define HOST_NET_BROKER_CUTS_H

#include "host/faults/fault_set.h"

struct broker_cuts { /* all zero: none */
    struct broker_cut *first;
};

/* A cut begins to count: with the connection, or when it is added. Other faults are passed over.
 * false: no memory. */
bool broker_cuts_add(struct broker_cuts *cuts, const struct fault *fault);
void broker_cuts_remove(struct broker_cuts *cuts, const struct fault *fault);
void broker_cuts_end(struct broker_cuts *cuts);

/* How many of count bytes may pass before the next cut. */
size_t broker_cuts_limit(const struct broker_cuts *cuts, enum fault_stream stream, size_t count);

/* So many have passed. */
void broker_cuts_pass(struct broker_cuts *cuts, enum fault_stream stream, size_t count);

/* There is one that may. */
bool broker_cuts_are_due(const struct broker_cuts *cuts, const struct fault_set *set);

/* The fault that cuts it now, or NULL. One that has spared this connection is not asked again. */
const struct fault *broker_cuts_due(struct broker_cuts *cuts, struct fault_set *set);

#endif
