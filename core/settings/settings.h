/* settings.h: what the host has configured, as fields.h lists it.
 *
 * Settings of the connection are used by the next AT+IMQTTCONN, whenever they are set (commands.md
 * section 4); how messages are received and what is reported of the network are in force at once.
 */
#ifndef CORE_SETTINGS_SETTINGS_H
#define CORE_SETTINGS_SETTINGS_H

#include "core/bytes/strings.h"
#include "core/settings/setting_list.h"

/* ATS3, S4, S5: kept, but CR, LF and BS stay in force. */
enum { S_REGISTER_COUNT = 3, S_REGISTER_MAX = 127 };
/* Of a telephone call that never is: ATS0, S6 to S10, X, L, M, &C, &D, &K, in this order. */
enum { CALL_SETTINGS = 12 };
/* What drivers set and read back, and nothing more: AT+CGEREP (two), CPSMS, CEDRXS, CSCS, CLTS,
 * QNITZ, in this order. */
enum { INERT_SETTINGS = 7 };
/* AT+CREG, CGREG and CEREG, in this order. */
enum { REPORT_MODES = 3 };

/* A number that a setting has. */
struct setting_value {
    uint8_t setting; /* enum setting */
    uint16_t value;
};

/* What the owner of a modem may have different from the factory's. */
struct factory_changes {
    bool echo_off;
    uint8_t error_form;
    bool wide_limits;         /* not a value: the ranges of commands.md section 8 */
    uint16_t reconnect_min_s; /* 0: as it is */
    uint16_t reconnect_max_s;
#if IMQTT_WITH_DIALECTS
    const struct setting_value *dialect; /* below all of the above */
    uint8_t dialect_count;
#endif
};

/* ATE, ATV, ATQ, AT+CMEE. */
struct answer_settings {
    bool echo, verbose, quiet;
    uint8_t error_form;
};

/* The tags of AT+IMQTTPARA (M2.2). */
struct request_settings {
    uint8_t timeout_s;
    bool clean_session;
    uint16_t keep_alive_s;
    uint8_t version; /* VERSION_3_1, … */
};

/* AT+IMQTTRECONN */
struct reconnect_settings {
    bool is_on;
    uint16_t min_s, max_s;
};

struct settings {
    struct answer_settings answers;
    uint8_t s_registers[S_REGISTER_COUNT];
    uint8_t call[CALL_SETTINGS];
    uint8_t inert[INERT_SETTINGS];
    uint8_t report_modes[REPORT_MODES];
    uint8_t mode;
    bool tls;
    uint8_t receive_mode;
    bool receive_hex; /* AT+IMQTTRECVHEX: topics and payloads are shown as hex */
    struct request_settings request;
    struct reconnect_settings reconnect;
    uint16_t port; /* 0: no address was set */
    uint8_t will_qos;
    bool will_retained;  /* a will is set when SETTING_WILL_TOPIC is not empty */
    uint8_t dynreg_type; /* of the last accepted AT+IMQTTDYNREG */
    uint8_t dynreg_mode; /* likewise; 0: none was */
    struct strings strings;
    struct factory_changes factory;
};

/* The place of a string among settings->strings. */
static inline unsigned setting_place(enum setting setting)
{
    return (unsigned)setting - SETTING_FIRST_STRING;
}

static inline struct span setting_string(const struct settings *settings, enum setting setting)
{
    return strings_get(&settings->strings, setting_place(setting));
}

static inline bool settings_are_aliyun(const struct settings *settings)
{
    return IMQTT_WITH_ALIYUN && settings->mode == MODE_ALIYUN;
}

static inline bool settings_have_will(const struct settings *settings)
{
    return setting_string(settings, SETTING_WILL_TOPIC).count > 0;
}

#endif
