#include "imqttd/config/radio_words.h"

#include <stdio.h>
#include <string.h>

#include "imqttd/config/config_values.h"
#include "imqttd/config/plan.h"

/* By <stat> of 27.007; 4 is "unknown", which nobody asks for. */
static const char *const registered_words[] = {"no",     "home", "searching",
                                               "denied", NULL,   "roaming"};

#define REGISTERED_WORDS (sizeof registered_words / sizeof *registered_words)

const char *radio_registered_word(uint8_t registered)
{
    bool has_word = registered < REGISTERED_WORDS && registered_words[registered] != NULL;
    return registered_words[has_word ? registered : 0];
}

struct imqtt_radio radio_good(void)
{
    return (struct imqtt_radio){
        .signal = 25, .registered = 1, .sim_ready = true, .area = 1, .cell = 1};
}

static bool put_signal(struct imqtt_radio *radio, const char *value, char why[CONFIG_WHY_BYTES])
{
    unsigned long signal;
    if (!config_read_number(&signal, value, 0, 99, why) || (signal > 31 && signal != 99))
        return config_refuse(why, "signal is 0 to 31, or 99");
    radio->signal = (uint8_t)signal;
    return true;
}

static bool put_registered(struct imqtt_radio *radio, const char *value, char why[CONFIG_WHY_BYTES])
{
    for (size_t i = 0; i < REGISTERED_WORDS; i++) {
        if (registered_words[i] != NULL && strcmp(registered_words[i], value) == 0) {
            radio->registered = (uint8_t)i;
            return true;
        }
    }
    return config_refuse(why, "registered is no, home, searching, denied or roaming");
}

static bool put_sim(struct imqtt_radio *radio, const char *value, char why[CONFIG_WHY_BYTES])
{
    radio->sim_ready = strcmp(value, "ready") == 0;
    return radio->sim_ready || strcmp(value, "absent") == 0 ||
           config_refuse(why, "sim is ready or absent");
}

bool radio_put(struct imqtt_radio *radio, const char *key, const char *value,
               char why[CONFIG_WHY_BYTES])
{
    if (strcmp(key, "signal") == 0)
        return put_signal(radio, value, why);
    if (strcmp(key, "registered") == 0)
        return put_registered(radio, value, why);
    if (strcmp(key, "sim") == 0)
        return put_sim(radio, value, why);
    return config_refuse(why, "%s: the keys are signal, registered and sim", key);
}

/* signal=S registered=R sim=X, any of them. */
bool put_radio(void *plan, const struct config_key *key, const char *value,
               char why[CONFIG_WHY_BYTES])
{
    char text[128], *rest = text;
    (void)key;
    size_t bytes = strlen(value) + 1;
    if (bytes > sizeof text)
        return config_refuse(why, "too long");
    memcpy(text, value, bytes);
    for (char *pair; (pair = strsep(&rest, " \t")) != NULL;) {
        if (*pair == '\0')
            continue;
        char *equals = strchr(pair, '=');
        if (equals == NULL)
            return config_refuse(why, "%s: not of the form KEY=VALUE", pair);
        *equals = '\0';
        if (!radio_put(&((struct modem_plan *)plan)->radio, pair, equals + 1, why))
            return false;
    }
    return true;
}
