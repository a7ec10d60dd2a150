/* settings.h: what the host has configured: AT+IMQTTMODE, PARA, USER, ADDR, LWT, AUTH, RECVHEX, and
 * what it last asked of DYNREG; ATS3, S4, S5; AT+CREG, CGREG, CEREG.
 *
 * Settings of the connection are used by the next AT+IMQTTCONN, whenever they are set (commands.md
 * section 4); how messages are received and the reports of registration are in force at once.
 */
#ifndef CORE_SETTINGS_SETTINGS_H
#define CORE_SETTINGS_SETTINGS_H

#include "core/bytes/strings.h"
#include "core/mqtt/wire/packet.h"
#include "imqtt/features.h"
#include "imqtt/limits.h"

enum { MODE_ALIYUN = 1, MODE_STANDARD = 2 }; /* <mode> of M2.1 */
enum { MODE_MIN = IMQTT_WITH_ALIYUN ? MODE_ALIYUN : MODE_STANDARD };
enum { RECEIVE_AT_ONCE = 0, RECEIVE_BUFFERED = 1 }; /* <recvMode> of M2.1, M2.17 */

enum { ERROR_FORM_MAX = 2 }; /* <n> of AT+CMEE */

/* What AT+CREG, CGREG and CEREG have to report without being asked: <n>. */
enum { REPORT_NOTHING = 0, REPORT_STATUS = 1, REPORT_PLACE = 2 };
enum report { REPORT_CREG, REPORT_CGREG, REPORT_CEREG, REPORT_COUNT };

/* ATS3, S4, S5: kept, but CR, LF and BS stay in force. */
enum s_register { S_REGISTER_3, S_REGISTER_4, S_REGISTER_5, S_REGISTER_COUNT };
#define S_REGISTER_MAX 127

enum setting_string {
    SETTING_ADDRESS,
    SETTING_CLIENT_ID,
    SETTING_USER_NAME,
    SETTING_PASSWORD,
    SETTING_WILL_TOPIC,
    SETTING_WILL_MESSAGE,
    SETTING_PRODUCT_KEY,
    SETTING_DEVICE_NAME,
    SETTING_DEVICE_SECRET,
    SETTING_REGISTRATION_PRODUCT_KEY,
    SETTING_REGISTRATION_DEVICE_NAME,
    SETTING_REGISTRATION_PRODUCT_SECRET,
    SETTING_STRING_COUNT
};

/* The tags of AT+IMQTTPARA (M2.2), in the order in which they are read back. */
struct request_settings {
    uint8_t timeout_s;
    bool clean_session;
    uint8_t keep_alive_s;
    enum mqtt_version version;
};

struct settings {
    uint8_t mode;
    bool tls;
    uint8_t receive_mode;
    bool receive_hex; /* AT+IMQTTRECVHEX: topics and payloads are shown as hex */
    struct request_settings request;
    uint16_t port; /* 0: no address was set */
    uint8_t will_qos;
    bool will_retained;        /* a will is set when SETTING_WILL_TOPIC is not empty */
    uint8_t registration_type; /* of the last accepted AT+IMQTTDYNREG */
    uint8_t registration_mode; /* likewise; 0: none was */
    uint8_t report_modes[REPORT_COUNT];
    uint8_t s_registers[S_REGISTER_COUNT];
    struct strings strings;
};

/* The factory values (commands.md section 5). */
struct settings settings_factory(const struct imqtt_memory_port *memory);

static inline struct span setting_string(const struct settings *settings, enum setting_string name)
{
    return strings_get(&settings->strings, name);
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
