/* esp_flash.h: the partitions of an ESP-AT module that hold certificates. */
#ifndef CORE_DIALECT_ESP_ESP_FLASH_H
#define CORE_DIALECT_ESP_ESP_FLASH_H

#include "core/bytes/span.h"

#define ESP_FLASH_CA          "mqtt_ca"
#define ESP_FLASH_CERTIFICATE "mqtt_cert"
#define ESP_FLASH_KEY         "mqtt_key"

/* The PEM in a partition: the first item of Espressif's container, or all of it, without the bytes
 * that only fill up. Empty: the container is none. */
struct span esp_flash_unpack(struct span partition);

#endif
