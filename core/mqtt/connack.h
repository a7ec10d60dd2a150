/* connack.h: what CONNACK says [MQTT-3.2]. */
#ifndef CORE_MQTT_CONNACK_H
#define CORE_MQTT_CONNACK_H

#include "core/mqtt/wire/decode.h"
#include "imqtt/failure.h"

/* What the CONNECT was that it answers. */
struct connack_context {
    enum mqtt_version version;
    bool is_clean;
    bool connect_has_left; /* whole */
};

/* MQTT 3.1 has no such flag, and its brokers do not tell: a kept session is taken as kept. */
bool connack_session_present(const struct mqtt_packet *connack,
                             const struct connack_context *context);

/* No failure; code and text say so where the broker tells that it had the session. */
struct imqtt_failure connack_remark(const struct mqtt_packet *connack,
                                    const struct connack_context *context);

/* true: accepted. Else *failure says whether it breaks the protocol or refuses. */
bool connack_accepts(const struct mqtt_packet *connack, const struct connack_context *context,
                     struct imqtt_failure *failure);

#endif
