/* setting_list.h: every setting there is, once: its number in stored records, its name, its place in
 * AT&V; fields.h says what it may be. */
#ifndef CORE_SETTINGS_SETTING_LIST_H
#define CORE_SETTINGS_SETTING_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "imqtt/features.h"
#include "imqtt/limits.h"

enum { MODE_ALIYUN = 1, MODE_STANDARD = 2 }; /* <mode> of M2.1 */
enum { MODE_MIN = IMQTT_WITH_ALIYUN ? MODE_ALIYUN : MODE_STANDARD };
enum { RECEIVE_AT_ONCE = 0, RECEIVE_BUFFERED = 1 }; /* <recvMode> of M2.1, M2.17 */
enum { ERROR_FORM_MAX = 2 };                        /* <n> of AT+CMEE */
enum { VERSION_3_1 = 3, VERSION_3_1_1 = 4 };        /* the protocol levels of CONNECT */

/* What AT+CREG, CGREG and CEREG have to report without being asked: <n>. */
enum { REPORT_NOTHING = 0, REPORT_STATUS = 1, REPORT_PLACE = 2 };
/* Above REPORT_PLACE: as it, with causes and timers of power saving that never come. */
enum { CREG_REPORT_MAX = 3, CGREG_REPORT_MAX = 5 };

/* Where a setting stands in AT&V: X(setting, its number in stored records, its name to a watcher).
 * The numbers are never used again for something else. 0 to 32 are the order of version 1 of the
 * record. */
#define SETTINGS(X)                                                                                \
    X(SETTING_ECHO, 0, "echo")                                                                     \
    X(SETTING_VERBOSE, 33, "verbose")                                                              \
    X(SETTING_QUIET, 34, "quiet")                                                                  \
    X(SETTING_S3, 2, "s3")                                                                         \
    X(SETTING_S4, 3, "s4")                                                                         \
    X(SETTING_S5, 4, "s5")                                                                         \
    X(SETTING_S0, 35, "s0")                                                                        \
    X(SETTING_S6, 36, "s6")                                                                        \
    X(SETTING_S7, 37, "s7")                                                                        \
    X(SETTING_S8, 38, "s8")                                                                        \
    X(SETTING_S9, 39, "s9")                                                                        \
    X(SETTING_S10, 40, "s10")                                                                      \
    X(SETTING_X, 41, "x")                                                                          \
    X(SETTING_L, 42, "l")                                                                          \
    X(SETTING_M, 43, "m")                                                                          \
    X(SETTING_AND_C, 44, "and_c")                                                                  \
    X(SETTING_AND_D, 45, "and_d")                                                                  \
    X(SETTING_AND_K, 46, "and_k")                                                                  \
    X(SETTING_ERROR_FORM, 1, "error_form")                                                         \
    X(SETTING_CREG, 5, "creg_report")                                                              \
    X(SETTING_CGREG, 6, "cgreg_report")                                                            \
    X(SETTING_CEREG, 7, "cereg_report")                                                            \
    X(SETTING_MODE, 8, "mode")                                                                     \
    X(SETTING_TLS, 9, "tls")                                                                       \
    X(SETTING_RECEIVE_MODE, 10, "receive_mode")                                                    \
    X(SETTING_RECEIVE_HEX, 32, "receive_hex")                                                      \
    X(SETTING_TIMEOUT_S, 11, "timeout_s")                                                          \
    X(SETTING_CLEAN_SESSION, 12, "clean_session")                                                  \
    X(SETTING_KEEP_ALIVE_S, 13, "keep_alive_s")                                                    \
    X(SETTING_VERSION, 14, "version")                                                              \
    X(SETTING_USER_NAME, 22, "user_name")                                                          \
    X(SETTING_PASSWORD, 23, "password")                                                            \
    X(SETTING_ADDRESS, 20, "address")                                                              \
    X(SETTING_PORT, 19, "port")                                                                    \
    X(SETTING_CLIENT_ID, 21, "client_id")                                                          \
    X(SETTING_WILL_TOPIC, 24, "will_topic")                                                        \
    X(SETTING_WILL_QOS, 15, "will_qos")                                                            \
    X(SETTING_WILL_MESSAGE, 25, "will_message")                                                    \
    X(SETTING_WILL_RETAINED, 16, "will_retained")                                                  \
    X(SETTING_PRODUCT_KEY, 26, "product_key")                                                      \
    X(SETTING_DEVICE_NAME, 27, "device_name")                                                      \
    X(SETTING_DEVICE_SECRET, 28, "device_secret")                                                  \
    X(SETTING_DYNREG_TYPE, 17, "dynreg_type")                                                      \
    X(SETTING_DYNREG_MODE, 18, "dynreg_mode")                                                      \
    X(SETTING_DYNREG_PRODUCT_KEY, 29, "dynreg_product_key")                                        \
    X(SETTING_DYNREG_DEVICE_NAME, 30, "dynreg_device_name")                                        \
    X(SETTING_DYNREG_PRODUCT_SECRET, 31, "dynreg_product_secret")                                  \
    X(SETTING_EVENT_REPORT, 47, "event_report")                                                    \
    X(SETTING_EVENT_BUFFER, 48, "event_buffer")                                                    \
    X(SETTING_POWER_SAVING, 49, "power_saving")                                                    \
    X(SETTING_DISCONTINUOUS, 50, "discontinuous")                                                  \
    X(SETTING_CHARACTER_SET, 51, "character_set")                                                  \
    X(SETTING_CLTS, 52, "clts")                                                                    \
    X(SETTING_QNITZ, 53, "qnitz")                                                                  \
    X(SETTING_RECONNECT, 54, "reconnect")                                                          \
    X(SETTING_RECONNECT_MIN_S, 55, "reconnect_min_s")                                              \
    X(SETTING_RECONNECT_MAX_S, 56, "reconnect_max_s")

/* Those above SETTING_RECEIVE_HEX, ATV and ATQ belong to families that can be left out. */
#define SETTINGS_OF_A_MODULE                                                                       \
    (IMQTT_WITH_SERIAL || IMQTT_WITH_RADIO || IMQTT_WITH_IDENTITY || IMQTT_WITH_CLOCK ||           \
     IMQTT_WITH_RECONNECT)

enum setting {
#define SETTING_NUMBER(setting, number, name) setting = number,
    SETTINGS(SETTING_NUMBER)
#undef SETTING_NUMBER
    /* all that have a name, and those that are there: the lowest numbers */
    SETTING_NAMES = 57,
    SETTING_COUNT = IMQTT_WITH_RECONNECT   ? SETTING_NAMES
                    : SETTINGS_OF_A_MODULE ? SETTING_RECONNECT
                                           : SETTING_S0
};

#define SETTING_FIRST_STRING SETTING_ADDRESS
#define SETTING_STRINGS      (SETTING_RECEIVE_HEX - SETTING_ADDRESS)

static inline bool setting_is_string(enum setting setting)
{
    return setting >= SETTING_FIRST_STRING && setting < SETTING_FIRST_STRING + SETTING_STRINGS;
}

#endif
