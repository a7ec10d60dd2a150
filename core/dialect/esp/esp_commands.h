/* esp_commands.h: AT+MQTT…: hosts of ESP-AT, the AT firmware of Espressif's modules
 * (docs/dialects/esp.md). */
#ifndef CORE_DIALECT_ESP_ESP_COMMANDS_H
#define CORE_DIALECT_ESP_ESP_COMMANDS_H

#include "core/at/command.h"

/* esp_config.c; which: the key of the string, enum esp_key */
at_handler esp_user_set, esp_string_set, esp_long_string_set, esp_connection_set;
at_handler esp_alpn_set, esp_server_name_set;

/* esp_connection.c */
at_handler esp_connect_set, esp_connect_read;
at_handler esp_clean_set;

/* esp_requests.c */
at_handler esp_publish_set, esp_publish_raw_set;
at_handler esp_subscribe_set, esp_subscribe_read;
at_handler esp_unsubscribe_set;

/* esp_flash.c */
at_handler esp_flash_set, esp_flash_read;

/* esp_wifi.c */
at_handler esp_mode_set, esp_mode_read;
at_handler esp_join_set, esp_join_read, esp_scan_set, esp_scan_execute, esp_leave_execute;
at_handler esp_state_read, esp_addresses_execute, esp_status_execute;
at_handler esp_station_read, esp_station_mac_read;
at_handler esp_ping_set;

/* esp_time.c */
at_handler esp_time_config_set, esp_time_read;

/* esp_module.c; which: the key of what is kept, enum esp_kept */
at_handler esp_restart_execute, esp_version_execute;
at_handler esp_log_set, esp_log_read;
at_handler esp_kept_set, esp_kept_read;

#endif
