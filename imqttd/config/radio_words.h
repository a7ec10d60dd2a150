/* radio_words.h: the words of the radio in configurations, JSON and events. */
#ifndef IMQTTD_CONFIG_RADIO_WORDS_H
#define IMQTTD_CONFIG_RADIO_WORDS_H

#include "imqtt/modem.h"
#include "imqttd/config/config_key.h"

/* "no", "home", "searching", "denied", "roaming"; a value out of range is "no". */
const char *radio_registered_word(uint8_t registered);

/* One KEY VALUE: signal 0-31 or 99, registered WORD, sim ready or absent. */
bool radio_put(struct imqtt_radio *radio, const char *key, const char *value,
               char why[CONFIG_WHY_BYTES]);

/* As it is at start: registered at home, signal 25. */
struct imqtt_radio radio_good(void);

#endif
