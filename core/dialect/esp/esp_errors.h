/* esp_errors.h: the numbers that ESP-AT's MQTT commands give their errors, shown with AT+SYSLOG=1; and
 * the final results. */
#ifndef CORE_DIALECT_ESP_ESP_ERRORS_H
#define CORE_DIALECT_ESP_ESP_ERRORS_H

#include "core/modem/parts.h"

/* Of a number: it is missing; one more: it is wrong. Of a string: it is missing; one more: it is
 * empty; two more: it is too long. */
enum esp_error {
    ESP_NOT_CONFIGURED = 0x6001,
    ESP_ALREADY_CLEAN = 0x6003,
    ESP_ALREADY_CONNECTED = 0x6004,
    ESP_NO_MEMORY = 0x6005,
    ESP_COUNT_IS_WRONG = 0x6008,
    ESP_TLS_IS_WRONG = 0x6009,
    ESP_NOT_PREPARED = 0x600A,
    ESP_START_FAILED = 0x600B,
    ESP_PUBLISH_FAILED = 0x600C,
    ESP_SUBSCRIBE_FAILED = 0x600D,
    ESP_UNSUBSCRIBE_FAILED = 0x600E,
    ESP_DISCONNECT_FAILED = 0x600F,
    ESP_OF_LINK = 0x6010,
    ESP_OF_SCHEME = 0x6012,
    ESP_OF_CLIENT_ID = 0x6014,
    ESP_OF_USER_NAME = 0x6017,
    ESP_OF_PASSWORD = 0x601A,
    ESP_OF_CERTIFICATE = 0x601D,
    ESP_OF_AUTHORITY = 0x601F,
    ESP_OF_PATH = 0x6027,
    ESP_OF_KEEP_ALIVE = 0x602B, /* wrong: two more */
    ESP_OF_SESSION = 0x602E,
    ESP_OF_WILL_TOPIC = 0x6030,
    ESP_OF_WILL_MESSAGE = 0x6033,
    ESP_OF_WILL_QOS = 0x6036,
    ESP_OF_WILL_RETAINED = 0x6038,
    ESP_OF_HOST = 0x603A,
    ESP_OF_PORT = 0x603D,
    ESP_OF_RECONNECT = 0x603F,
    ESP_OF_TOPIC = 0x6041,
    ESP_OF_DATA = 0x6044,
    ESP_OF_QOS = 0x6047,
    ESP_OF_RETAINED = 0x6049,
    ESP_OF_LENGTH = 0x604B,
    ESP_IS_DISCONNECTED = 0x6051,
};

/* Keeps the number for the command's final result: NOT_ALLOWED. */
enum imqtt_status esp_fail(struct imqtt_modem *modem, enum esp_error error);

/* The number before an error, if the host wants it; all there is of AT+MQTTPUBRAW's. */
bool esp_say_final(struct imqtt_modem *modem, enum imqtt_status status);

#endif
