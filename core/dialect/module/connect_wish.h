/* connect_wish.h: a connection as another maker's host has described it, command by command, on its way
 * into the settings that the core connects with. */
#ifndef CORE_DIALECT_MODULE_CONNECT_WISH_H
#define CORE_DIALECT_MODULE_CONNECT_WISH_H

#include "core/modem/parts.h"

#if IMQTT_WITH_DIALECTS
/* Strings are as typed, or text_of(); empty: none. */
struct connect_wish {
    struct text host;
    uint16_t port;
    bool tls;
    struct text client_id, user_name, password;
    struct text will_topic, will_message;
    uint8_t will_qos;
    bool will_retained;
    /* The login is signed, if there is a triple and no user name. */
    struct text product_key, device_name, device_secret;
    struct request_settings request;
};

/* Of bytes without escapes. */
static inline struct text text_of(struct span raw)
{
    return (struct text){raw, 0};
}

/* false: there is no memory, and nothing has changed. No string may lie in the settings themselves. */
bool connect_wish_put(struct imqtt_modem *modem, const struct connect_wish *wish);
#endif

#endif
