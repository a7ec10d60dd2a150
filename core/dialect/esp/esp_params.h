/* esp_params.h: parameters as hosts of ESP-AT type them: a backslash before a comma, a quote or a
 * backslash is left out of a quoted string; quotes inside the last string of a line need none. What is
 * wrong gives the command its number (esp_errors.h). */
#ifndef CORE_DIALECT_ESP_ESP_PARAMS_H
#define CORE_DIALECT_ESP_ESP_PARAMS_H

#include "core/at/params.h"
#include "core/dialect/esp/esp_errors.h"

struct esp_params {
    struct params *params;
    enum esp_error error; /* the first; 0: none */
    struct out strings;   /* what was taken */
    uint8_t room[IMQTT_LINE_BYTES];
};

void esp_begin(struct esp_params *taken, struct params *params);
/* The same, with <LinkID> taken: the first of most. */
void esp_begin_link(struct esp_params *taken, struct params *params);

uint32_t esp_take_number(struct esp_params *taken, uint32_t min, uint32_t max, enum esp_error of);

/* An empty place is an empty string. Valid as long as *taken. */
struct text esp_take_text(struct esp_params *taken, size_t max_bytes, enum esp_error of);
/* The same, for CONNECT's strings: UTF-8. */
struct text esp_take_utf8(struct esp_params *taken, size_t max_bytes, enum esp_error of);
/* A message: the last quote of the line ends it. */
struct text esp_take_message(struct esp_params *taken, size_t max_bytes, enum esp_error of);

struct text esp_take_host(struct esp_params *taken);
/* Where PUBLISH goes, and SUBSCRIBE. */
struct text esp_take_topic(struct esp_params *taken);
struct text esp_take_filter(struct esp_params *taken);
/* That of a will; empty: there is to be none. */
struct text esp_take_will_topic(struct esp_params *taken, size_t max_bytes);

/* Nothing may be left. IMQTT_DONE or the error, with its number. */
enum imqtt_status esp_end(struct esp_params *taken, struct imqtt_modem *modem);

#endif
