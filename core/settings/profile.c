#include "core/settings/profile.h"
#include "core/bytes/control_bytes.h"
#include "core/settings/fields.h"
#include "core/settings/record.h"

enum { VERSION_1 = 1, VERSION_2 = 2 };

/* A record's values before any of them is in force. */
struct values {
    uint16_t numbers[SETTING_COUNT];
    struct span strings[SETTING_STRINGS];
};

static bool is_stored(enum setting setting)
{
    return (setting_fields[setting].flags & FIELD_UNSTORED) == 0;
}

static unsigned width_of(enum setting setting)
{
    return setting_fields[setting].flags & FIELD_WIDTH;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_number(struct out *record, uint16_t value, unsigned width)
{
    out_u16(record, (uint16_t)width);
    if (width == FIELD_TWO_BYTES)
        out_u16(record, value);
    else
        out_u8(record, (uint8_t)value);
}

void profile_put(const struct settings *settings, struct out *record)
{
    out_u8(record, VERSION_2);
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
        if (!is_stored(setting))
            continue;
        out_u8(record, (uint8_t)setting);
        if (setting_is_string(setting))
            record_put_string(record, setting_string(settings, setting));
        else
            put_number(record, setting_number(settings, setting), width_of(setting));
    }
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Could have been typed: a control byte would forge an answer. */
static bool take_string(struct values *values, enum setting setting, struct span string)
{
    const struct field *field = &setting_fields[setting];
    values->strings[setting_place(setting)] = string;
    return string.count <= field->max &&
           ((field->flags & FIELD_BINARY) != 0 || !has_control(string));
}

/* Whatever its width. */
static bool take_number(struct values *values, enum setting setting, struct span bytes, bool wide)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes.count; i++)
        value = value << 8 | bytes.bytes[i];
    values->numbers[setting] = (uint16_t)value;
    return bytes.count >= 1 && bytes.count <= sizeof value && value <= UINT16_MAX &&
           setting_is_in(setting_range(setting, wide), value);
}

static bool take_value(struct values *values, enum setting setting, struct span value, bool wide)
{
    if (setting_is_string(setting))
        return take_string(values, setting, value);
    return take_number(values, setting, value, wide);
}

/* What this program does not know, a later one stored. */
static bool is_known(uint8_t number)
{
    return number < SETTING_COUNT && is_stored((enum setting)number);
}

static bool take_version_2(struct values *values, struct span record, bool wide)
{
    while (record.count > 0) {
        uint8_t number;
        struct span value;
        if (!span_take_u8(&record, &number) || !record_take_string(&record, &value) ||
            (is_known(number) && !take_value(values, (enum setting)number, value, wide)))
            return false;
    }
    return true;
}

/* In the order of their numbers. Those of before AT+IMQTTRECVHEX end with the strings. */
static bool take_version_1(struct values *values, struct span record)
{
    for (enum setting setting = 0; setting <= SETTING_RECEIVE_HEX; setting++) {
        unsigned width = setting == SETTING_KEEP_ALIVE_S ? FIELD_BYTE : width_of(setting);
        struct span value;
        if (setting == SETTING_RECEIVE_HEX && record.count == 0)
            return true;
        bool taken = setting_is_string(setting) ? record_take_string(&record, &value)
                                                : span_take(&record, width, &value);
        if (!taken || !take_value(values, setting, value, false))
            return false;
    }
    return record.count == 0;
}

static bool take_values(struct values *values, struct span record, bool wide)
{
    uint8_t version;
    if (!span_take_u8(&record, &version))
        return false;
    if (version == VERSION_1)
        return take_version_1(values, record);
    return version == VERSION_2 && take_version_2(values, record, wide);
}

/* The strings that a record does not have stay as they are. */
static struct values values_of(const struct settings *settings)
{
    struct values values;
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        if (setting_is_string(setting))
            values.strings[setting_place(setting)] = SPAN_EMPTY;
        else
            values.numbers[setting] = setting_number(settings, setting);
    return values;
}

static void apply_string(struct settings *settings, enum setting setting, struct span string)
{
    if (string.bytes != NULL)
        strings_put(&settings->strings, setting_place(setting), string);
}

static void apply(struct settings *settings, const struct values *values)
{
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        if (setting_is_string(setting))
            apply_string(settings, setting, values->strings[setting_place(setting)]);
        else
            setting_put_number(settings, setting, values->numbers[setting]);
}

bool profile_take(struct settings *settings, struct span record)
{
    struct values values = values_of(settings);
    if (!take_values(&values, record, settings->factory.wide_limits) ||
        !strings_make_room(&settings->strings, record.count))
        return false;
    apply(settings, &values);
    return true;
}
