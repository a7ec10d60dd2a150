/* registration.h: AT+IMQTTDYNREG in the modem: the state machine of core/aliyun wired to the MQTT
 * client, the store and the host, and the results that are kept (M2.16). */
#ifndef CORE_MODEM_REGISTRATION_H
#define CORE_MODEM_REGISTRATION_H

#include "core/aliyun/registration.h"
#include "core/bytes/strings.h"
#include "imqtt/status.h"

struct imqtt_modem;
struct mqtt_event;

/* What AT+IMQTTDYNREG=2 shows for each mode, and the identity that is being registered: settings
 * may change meanwhile. */
enum registration_string {
    REGISTERED_PRODUCT_KEY, /* mode 1: a triple */
    REGISTERED_DEVICE_NAME,
    REGISTERED_DEVICE_SECRET,
    REGISTERED_CLIENT_ID, /* mode 2: ready to type into AT+IMQTTADDR and USER */
    REGISTERED_USER_NAME,
    REGISTERED_PASSWORD,
    REGISTERING_PRODUCT_KEY,
    REGISTERING_DEVICE_NAME,
    REGISTERING_PRODUCT_SECRET,
    REGISTRATION_STRING_COUNT
};

/* The result of a mode is three strings; this is the first of them. */
static inline enum registration_string registration_result_of(enum aliyun_mode mode)
{
    return mode == ALIYUN_PRE_REGISTERED ? REGISTERED_PRODUCT_KEY : REGISTERED_CLIENT_ID;
}

#define REGISTRATION_RESULT_STRINGS 3

enum registration_type { REGISTER_UNTIL_POWER_OFF = 0, REGISTER_AND_STORE = 1, REGISTER_QUERY = 2 };

struct registration {
    struct aliyun_registration machine;
    struct strings strings;
    bool save_waits; /* for the store, which has something else under way */
};

struct registration registration_in(const struct imqtt_memory_port *memory);

/* Whether one can begin. NOT_ALLOWED: connected, busy, or TLS is off; NO_NETWORK_SERVICE: no radio;
 * NOT_SUPPORTED: the modem has no crypto port, or no store to keep the result in; LATER: the last
 * connection is still being closed. */
enum imqtt_status registration_check(const struct imqtt_modem *modem, enum registration_type type);
/* Begins the registration that REGISTERING_… describe; its outcome is a URC. */
enum imqtt_status registration_begin(struct imqtt_modem *modem, enum registration_type type,
                                     enum aliyun_mode mode);
enum imqtt_status registration_give_up(struct imqtt_modem *modem);

/* <mode>,"…","…","…" as the URC and AT+IMQTTDYNREG=2 show it. */
void registration_put_result(const struct imqtt_modem *modem, enum aliyun_mode mode,
                             struct out *out);

/* News for it, while it is under way. */
void registration_take_event(struct imqtt_modem *modem, const struct mqtt_event *event);
/* The store's answer to ALIYUN_SAVE, and what it held at start. */
void registration_take_loaded(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record);
void registration_take_saved(struct imqtt_modem *modem, bool safe);
/* The store has answered somebody else: what waits for it is saved. */
void registration_save_waiting(struct imqtt_modem *modem);
void registration_tick(struct imqtt_modem *modem);

#endif
