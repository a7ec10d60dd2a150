/* fields.h: the one table of settings. What a number may be, what it is in the factory, how long a
 * string may be, what AT&W stores, what is a secret: parsing, printing, AT&V, the factory values,
 * the stored record and whoever watches a modem take it from here.
 */
#ifndef CORE_SETTINGS_FIELDS_H
#define CORE_SETTINGS_FIELDS_H

#include "core/settings/settings.h"

/* How wide a setting is, and what else is to be known about it. */
enum field_flags {
    FIELD_STRING = 0, /* as long as it is */
    FIELD_BYTE = 1,   /* a number of one byte, or a bool */
    FIELD_TWO_BYTES = 2,
    FIELD_WIDTH = 3,    /* masks the three above */
    FIELD_SECRET = 4,   /* shown as stars */
    FIELD_UNSTORED = 8, /* AT&W leaves it out */
    FIELD_BINARY = 16,  /* a string that may have control bytes */
    FIELD_ZERO = 32,    /* a number that may be 0 as well */
};

struct field {
    uint16_t max;    /* of a number; of a string, bytes */
    uint8_t place;   /* of a number, in struct settings */
    uint8_t flags;   /* enum field_flags */
    uint8_t min;     /* of a number */
    uint8_t factory; /* of a number; a string is empty */
};

extern const struct field setting_fields[SETTING_COUNT];

/* What a number may be. */
struct setting_range {
    uint16_t min, max;
    bool zero; /* 0 as well */
};

/* wide: as commands.md section 8 has it for some. */
struct setting_range setting_range(enum setting setting, bool wide);

static inline bool setting_is_in(struct setting_range range, uint32_t value)
{
    return (value >= range.min && value <= range.max) || (value == 0 && range.zero);
}

/* Numbers by their name. */
uint16_t setting_number(const struct settings *settings, enum setting setting);
void setting_put_number(struct settings *settings, enum setting setting, uint16_t value);

/* What a watcher calls a setting. */
const char *setting_name(enum setting setting);

/* All settings in the order of AT&V, also those from SETTING_COUNT on, which are not there. */
extern const uint8_t settings_in_order[SETTING_NAMES];

#endif
