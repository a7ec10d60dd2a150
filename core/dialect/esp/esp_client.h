/* esp_client.h: what the host of an ESP-AT module has set, and what its commands share. */
#ifndef CORE_DIALECT_ESP_ESP_CLIENT_H
#define CORE_DIALECT_ESP_ESP_CLIENT_H

#include "core/modem/parts.h"
#include "core/session/session_news.h"

#define ESP_TOPICS       10
#define ESP_RAW_BYTES    8192 /* MQTTPUBRAW */
#define ESP_KEEP_ALIVE_S 120
#define ESP_REQUEST_MS   10000
#define ESP_CONNECT_S    5 /* CONNACK, behind at most 10 s for the network */

/* <scheme> of MQTTUSERCFG */
enum esp_scheme {
    ESP_TCP = 1,
    ESP_TLS_UNVERIFIED = 2,
    ESP_TLS_SERVER = 3, /* is verified */
    ESP_TLS_CLIENT = 4, /* shows a certificate */
    ESP_TLS_BOTH = 5,
    ESP_SCHEME_MAX = 5, /* those up to 10 are WebSockets */
};

/* Keys of client_settings.h: of the one MQTT client. */
#define ESP_LINK 0
enum esp_key {
    ESP_SCHEME, /* there is none: AT+MQTTUSERCFG has not been typed */
    ESP_CLIENT_ID,
    ESP_USER_NAME,
    ESP_PASSWORD,
    ESP_PATH,
    ESP_KEEP_ALIVE, /* there is none: AT+MQTTCONNCFG has not been typed */
    ESP_KEEPS_SESSION,
    ESP_WILL_TOPIC,
    ESP_WILL_MESSAGE,
    ESP_WILL_QOS,
    ESP_WILL_RETAINED,
    ESP_RECONNECTS,
    ESP_HAS_CONNECTED,
};

/* Of the module. */
#define ESP_MODULE 255
enum esp_module_key {
    ESP_SYSLOG,
    ESP_ERROR,  /* enum esp_error of the command that runs */
    ESP_IN_RAW, /* AT+MQTTPUBRAW has given its prompt */
    ESP_WIFI_MODE,
    ESP_WIFI,         /* 1 joined, 0 left; there is none: neither was asked for */
    ESP_ACCESS_POINT, /* its name */
    ESP_SAID_UP,      /* whether the host was last told that the network is there */
    ESP_TIME_ZONE,    /* quarters of an hour, from 0: there is none, the time is not known */
    ESP_KEPT,         /* enum esp_kept, from here on */
};

/* What is kept, shown, and without effect. */
enum esp_kept {
    ESP_AUTO_CONNECT = ESP_KEPT,
    ESP_CIP_MODE,
    ESP_CIP_MUX,
    ESP_DHCP,
    ESP_SCAN_OPTIONS,
    ESP_SLEEP,
    ESP_STORES,
    ESP_UART_NOW,
    ESP_UART_DEFAULT,
};

#if IMQTT_WITH_DIALECTS
static inline uint32_t esp_number(const struct imqtt_modem *modem, enum esp_key key)
{
    return client_number(&modem->clients, ESP_LINK, (uint8_t)key, 0);
}

static inline struct span esp_string(const struct imqtt_modem *modem, enum esp_key key)
{
    return client_string(&modem->clients, ESP_LINK, (uint8_t)key);
}

static inline bool esp_is_configured(const struct imqtt_modem *modem)
{
    return client_has(&modem->clients, ESP_LINK, ESP_SCHEME);
}
#endif

/* The command that runs is this one, and waits for an event. */
bool esp_waits_in(const struct imqtt_modem *modem, at_handler *set);

/* The network is there: the radio, and no AT+CWQAP. */
bool esp_is_on_network(const struct imqtt_modem *modem);

/* ":0,<scheme>,"host","<port>","path",<reconnect>" of the connection. */
void esp_put_connection(const struct imqtt_modem *modem, struct out *line);

/* struct imqtt_dialect's */
enum imqtt_status esp_prepare(struct imqtt_modem *modem);
void esp_say_booted(struct imqtt_modem *modem);
bool esp_say_session(struct imqtt_modem *modem, const struct session_news *news);
void esp_say_radio(struct imqtt_modem *modem, const struct radio_change *change);

#endif
