/* config_values.h: how each kind of value is checked and kept: the put functions of the table. */
#ifndef IMQTTD_CONFIG_CONFIG_VALUES_H
#define IMQTTD_CONFIG_CONFIG_VALUES_H

#include "imqttd/config/config_key.h"

typedef bool config_put(void *plan, const struct config_key *key, const char *value,
                        char why[CONFIG_WHY_BYTES]);

/* Kept at key->offset: a const char * (not empty), a bool (yes or no), a uint32_t. */
config_put put_text, put_flag, put_number;

/* Of the program. */
config_put put_log, put_control, put_control_tcp, put_max_memory;

/* Of a modem. */
config_put put_pty, put_serial, put_tcp, put_unix, put_stdio;
config_put put_fleet; /* count, first: looked at before anything is put */
config_put put_preset, put_preset_file, put_identity, put_cmee, put_tls_min, put_dialect,
    put_esp_boot, put_limits, put_keep_session, put_connect_to, put_source_address, put_reconnect,
    put_fault, put_radio;

/* For those functions: formats why and returns false. */
bool config_refuse(char why[CONFIG_WHY_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A whole number in that range. */
bool config_read_number(unsigned long *number, const char *text, unsigned long min,
                        unsigned long max, char why[CONFIG_WHY_BYTES]);

/* A path that a Unix socket can have. */
bool config_check_socket(const char *path, char why[CONFIG_WHY_BYTES]);

#endif
