/* session_record.h: what outlives a power cut of a kept session: the exchanges that are not over
 * (core/mqtt/kept_session.h) and the subscriptions. */
#ifndef CORE_SESSION_SESSION_RECORD_H
#define CORE_SESSION_SESSION_RECORD_H

#include "core/session/broker_link.h"

/* A record is to be saved now. */
bool session_record_is_due(const struct broker_link *link);
void session_record_put(const struct broker_link *link, struct out *record);
/* What was put is on its way to the store; mqtt_client_session_saved() follows. */
void session_record_begun(struct broker_link *link);

/* Before the first connection. false: it is damaged, and there is no session. */
bool session_record_take(struct broker_link *link, struct span record);

#endif
