/* dynreg_state.h: what a modem remembers of AT+IMQTTDYNREG (M2.16). */
#ifndef CORE_MODEM_DYNREG_STATE_H
#define CORE_MODEM_DYNREG_STATE_H

#include "core/aliyun/registration.h"
#include "core/bytes/strings.h"

/* What AT+IMQTTDYNREG=2 shows for each mode, and the identity that is being registered: settings
 * may change meanwhile. */
enum dynreg_string {
    DYNREG_PRODUCT_KEY, /* mode 1: a triple */
    DYNREG_DEVICE_NAME,
    DYNREG_DEVICE_SECRET,
    DYNREG_CLIENT_ID, /* mode 2: ready to type into AT+IMQTTADDR and USER */
    DYNREG_USER_NAME,
    DYNREG_PASSWORD,
    DYNREG_ASKED_PRODUCT_KEY,
    DYNREG_ASKED_DEVICE_NAME,
    DYNREG_ASKED_PRODUCT_SECRET,
    DYNREG_STRING_COUNT
};

/* The result of a mode is three strings; this is the first of them. */
static inline enum dynreg_string dynreg_result_of(enum aliyun_mode mode)
{
    return mode == ALIYUN_PRE_REGISTERED ? DYNREG_PRODUCT_KEY : DYNREG_CLIENT_ID;
}

#define DYNREG_RESULT_STRINGS 3

enum dynreg_type { DYNREG_UNTIL_POWER_OFF = 0, DYNREG_AND_STORE = 1, DYNREG_QUERY = 2 };

struct dynreg {
    struct aliyun_registration machine;
    struct strings strings;
    bool save_waits; /* for the store, which has something else under way */
    uint64_t begun_ms;
};

#endif
