/* esp_dialect.c: AT+MQTT… of ESP-AT: which commands there are, and what they are from the factory. */
#include "core/dialect/esp/esp_client.h"
#include "core/dialect/esp/esp_commands.h"
#include "core/dialect/esp/esp_errors.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

/* ESP-AT has no AT+CMEE: what is wrong is answered by ERROR. */
// clang-format off
static const struct at_command table[] = {
    {.name = "+CIFSR", .plain_errors = true, .execute = esp_addresses_execute},
    {.name = "+CIPDINFO", .plain_errors = true, .set = accept_set},
    {.name = "+CIPDNS", .plain_errors = true, .set = accept_set},
    {.name = "+CIPMODE", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_CIP_MODE},
    {.name = "+CIPMUX", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_CIP_MUX},
    {.name = "+CIPRECVMODE", .plain_errors = true, .set = accept_set},
    {.name = "+CIPSNTPCFG", .plain_errors = true, .takes_rest = true, .set = esp_time_config_set},
    {.name = "+CIPSNTPINTV", .plain_errors = true, .set = accept_set},
    {.name = "+CIPSNTPTIME", .plain_errors = true, .read = esp_time_read},
    {.name = "+CIPSTA", .plain_errors = true, .set = accept_set, .read = esp_station_read},
    {.name = "+CIPSTAMAC", .plain_errors = true, .set = accept_set, .read = esp_station_mac_read},
    {.name = "+CIPSTATUS", .plain_errors = true, .execute = esp_status_execute},
    {.name = "+CIPV6", .plain_errors = true, .set = accept_set},
    {.name = "+CWAUTOCONN", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_AUTO_CONNECT},
    {.name = "+CWCONFIG", .plain_errors = true, .set = accept_set},
    {.name = "+CWCOUNTRY", .plain_errors = true, .set = accept_set},
    {.name = "+CWDHCP", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_DHCP},
    {.name = "+CWHOSTNAME", .plain_errors = true, .set = accept_set},
    {.name = "+CWINIT", .plain_errors = true, .set = accept_set},
    {.name = "+CWJAP", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_join_set, .read = esp_join_read},
    {.name = "+CWLAP", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_scan_set, .execute = esp_scan_execute},
    {.name = "+CWLAPOPT", .plain_errors = true, .set = esp_kept_set, .which = ESP_SCAN_OPTIONS},
    {.name = "+CWMODE", .plain_errors = true, .set = esp_mode_set, .read = esp_mode_read},
    {.name = "+CWQAP", .acts = true, .plain_errors = true, .execute = esp_leave_execute},
    {.name = "+CWRECONNCFG", .plain_errors = true, .set = accept_set},
    {.name = "+CWSTAPROTO", .plain_errors = true, .set = accept_set},
    {.name = "+CWSTATE", .plain_errors = true, .read = esp_state_read},
    {.name = "+GMR", .plain_errors = true, .execute = esp_version_execute},
    {.name = "+MDNS", .plain_errors = true, .set = accept_set},
    {.name = "+MQTTALPN", .plain_errors = true, .takes_rest = true, .set = esp_alpn_set},
    {.name = "+MQTTCLEAN", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_clean_set},
    {.name = "+MQTTCLIENTID", .plain_errors = true, .takes_rest = true, .set = esp_string_set, .which = ESP_CLIENT_ID},
    {.name = "+MQTTCONN", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_connect_set, .read = esp_connect_read},
    {.name = "+MQTTCONNCFG", .plain_errors = true, .takes_rest = true, .set = esp_connection_set},
    {.name = "+MQTTLONGCLIENTID", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_long_string_set, .which = ESP_CLIENT_ID},
    {.name = "+MQTTLONGPASSWORD", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_long_string_set, .which = ESP_PASSWORD},
    {.name = "+MQTTLONGUSERNAME", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_long_string_set, .which = ESP_USER_NAME},
    {.name = "+MQTTPASSWORD", .plain_errors = true, .takes_rest = true, .set = esp_string_set, .which = ESP_PASSWORD},
    {.name = "+MQTTPUB", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_publish_set},
    {.name = "+MQTTPUBRAW", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_publish_raw_set},
    {.name = "+MQTTSNI", .plain_errors = true, .takes_rest = true, .set = esp_server_name_set},
    {.name = "+MQTTSUB", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_subscribe_set, .read = esp_subscribe_read},
    {.name = "+MQTTUNSUB", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_unsubscribe_set},
    {.name = "+MQTTUSERCFG", .plain_errors = true, .takes_rest = true, .set = esp_user_set},
    {.name = "+MQTTUSERNAME", .plain_errors = true, .takes_rest = true, .set = esp_string_set, .which = ESP_USER_NAME},
    {.name = "+PING", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_ping_set},
    {.name = "+RESTORE", .acts = true, .plain_errors = true, .execute = esp_restart_execute},
    {.name = "+RFPOWER", .plain_errors = true, .set = accept_set},
    {.name = "+RST", .acts = true, .plain_errors = true, .execute = esp_restart_execute},
    {.name = "+SLEEP", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_SLEEP},
    {.name = "+SYSFLASH", .acts = true, .plain_errors = true, .takes_rest = true, .set = esp_flash_set, .read = esp_flash_read},
    {.name = "+SYSLOG", .plain_errors = true, .set = esp_log_set, .read = esp_log_read},
    {.name = "+SYSMSG", .plain_errors = true, .set = accept_set},
    {.name = "+SYSSTORE", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_STORES},
    {.name = "+UART_CUR", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_UART_NOW},
    {.name = "+UART_DEF", .plain_errors = true, .set = esp_kept_set, .read = esp_kept_read, .which = ESP_UART_DEFAULT},
};

static const struct at_command view[] = {{.read = basic_view}, {.read = error_form_read}};
// clang-format on

const struct imqtt_dialect imqtt_dialect_esp = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0], .base = &module_table},
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
    .say_booted = esp_say_booted,
    .say_session = esp_say_session,
    .say_radio = esp_say_radio,
    .wide_limits = true,
    .bare_lines = true,
    .busy = "busy p...\r\n",
    .say_final = esp_say_final,
    .prepare = esp_prepare,
};

#endif
