/* config_key.h: one thing that a configuration may say. */
#ifndef IMQTTD_CONFIG_CONFIG_KEY_H
#define IMQTTD_CONFIG_CONFIG_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_WHY_BYTES 200

/* Where a key may stand. A modem's keys may stand in [defaults] too, but for those of one alone. */
enum config_section_kind { SECTION_PROGRAM = 1, SECTION_DEFAULTS = 2, SECTION_MODEM = 4 };

struct config_key {
    const char *name;
    unsigned sections;
    const char *argument; /* "HOST:PORT" */
    const char *standard; /* its default, NULL: none */
    bool adds;            /* each is one more; the others replace each other */
    const char *help;

    /* Checks a value and keeps it in a struct program_plan or modem_plan; the string stays. false:
     * why tells what is wrong, as a whole sentence without its beginning: "not a number". */
    bool (*put)(void *plan, const struct config_key *key, const char *value,
                char why[CONFIG_WHY_BYTES]);
    size_t offset; /* of the field, for those that say nothing else */
    unsigned long min, max;
};

#endif
