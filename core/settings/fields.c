#include "core/settings/fields.h"

#define PLACE(member) offsetof(struct settings, member)

#define BYTE(member, min, max, factory)                                                            \
    {                                                                                              \
        PLACE(member), FIELD_BYTE, min, max, factory                                               \
    }
#define TWO_BYTES(member, min, max, factory)                                                       \
    {                                                                                              \
        PLACE(member), FIELD_TWO_BYTES, min, max, factory                                          \
    }
#define UNSTORED(member, factory)                                                                  \
    {                                                                                              \
        PLACE(member), FIELD_BYTE | FIELD_UNSTORED, 0, 1, factory                                  \
    }
#define STRING(flags, max_bytes)                                                                   \
    {                                                                                              \
        0, FIELD_STRING | (flags), 0, max_bytes, 0                                                 \
    }

// clang-format off
const struct field setting_fields[SETTING_COUNT] = {
    [SETTING_ECHO] = BYTE(answers.echo, 0, 1, 1),
    [SETTING_VERBOSE] = UNSTORED(answers.verbose, 1),
    [SETTING_QUIET] = UNSTORED(answers.quiet, 0),
    [SETTING_ERROR_FORM] = BYTE(answers.error_form, 0, ERROR_FORM_MAX, 0),
    [SETTING_S3] = BYTE(s_registers[0], 0, S_REGISTER_MAX, '\r'),
    [SETTING_S4] = BYTE(s_registers[1], 0, S_REGISTER_MAX, '\n'),
    [SETTING_S5] = BYTE(s_registers[2], 0, S_REGISTER_MAX, '\b'),
    [SETTING_CREG] = BYTE(report_modes[0], REPORT_NOTHING, REPORT_PLACE, REPORT_NOTHING),
    [SETTING_CGREG] = BYTE(report_modes[1], REPORT_NOTHING, REPORT_PLACE, REPORT_NOTHING),
    [SETTING_CEREG] = BYTE(report_modes[2], REPORT_NOTHING, REPORT_PLACE, REPORT_NOTHING),
    [SETTING_MODE] = BYTE(mode, MODE_MIN, MODE_STANDARD, MODE_STANDARD),
    [SETTING_TLS] = BYTE(tls, 0, 1, 0),
    [SETTING_RECEIVE_MODE] = BYTE(receive_mode, RECEIVE_AT_ONCE, RECEIVE_BUFFERED, RECEIVE_AT_ONCE),
    [SETTING_RECEIVE_HEX] = BYTE(receive_hex, 0, 1, 0),
    [SETTING_TIMEOUT_S] = BYTE(request.timeout_s, IMQTT_TIMEOUT_MIN_S, IMQTT_TIMEOUT_MAX_S,
                               IMQTT_TIMEOUT_DEFAULT_S),
    [SETTING_CLEAN_SESSION] = BYTE(request.clean_session, 0, 1, 1),
    [SETTING_KEEP_ALIVE_S] = TWO_BYTES(request.keep_alive_s, IMQTT_KEEP_ALIVE_MIN_S,
                                       IMQTT_KEEP_ALIVE_MAX_S, IMQTT_KEEP_ALIVE_DEFAULT_S),
    [SETTING_VERSION] = BYTE(request.version, VERSION_3_1, VERSION_3_1_1, VERSION_3_1_1),
    [SETTING_PORT] = TWO_BYTES(port, 0, UINT16_MAX, 0),
    [SETTING_WILL_QOS] = BYTE(will_qos, 0, 2, 0),
    [SETTING_WILL_RETAINED] = BYTE(will_retained, 0, 1, 0),
    [SETTING_DYNREG_TYPE] = BYTE(dynreg_type, 0, 1, 0),
    [SETTING_DYNREG_MODE] = BYTE(dynreg_mode, 0, 2, 0),
    [SETTING_ADDRESS] = STRING(0, IMQTT_ADDRESS_BYTES),
    [SETTING_CLIENT_ID] = STRING(0, IMQTT_CLIENT_ID_BYTES),
    [SETTING_USER_NAME] = STRING(0, IMQTT_USER_NAME_BYTES),
    [SETTING_PASSWORD] = STRING(FIELD_SECRET, IMQTT_PASSWORD_BYTES),
    [SETTING_WILL_TOPIC] = STRING(0, IMQTT_LINE_BYTES),
    [SETTING_WILL_MESSAGE] = STRING(FIELD_BINARY, IMQTT_LINE_BYTES),
    [SETTING_PRODUCT_KEY] = STRING(0, IMQTT_ALIYUN_FIELD_BYTES),
    [SETTING_DEVICE_NAME] = STRING(0, IMQTT_ALIYUN_FIELD_BYTES),
    [SETTING_DEVICE_SECRET] = STRING(FIELD_SECRET, IMQTT_ALIYUN_FIELD_BYTES),
    [SETTING_DYNREG_PRODUCT_KEY] = STRING(0, IMQTT_ALIYUN_FIELD_BYTES),
    [SETTING_DYNREG_DEVICE_NAME] = STRING(0, IMQTT_ALIYUN_FIELD_BYTES),
    [SETTING_DYNREG_PRODUCT_SECRET] = STRING(FIELD_SECRET, IMQTT_ALIYUN_FIELD_BYTES),
};
// clang-format on

struct setting_range setting_range(enum setting setting, bool wide)
{
    const struct field *field = &setting_fields[setting];
    if (wide && setting == SETTING_TIMEOUT_S)
        return (struct setting_range){IMQTT_TIMEOUT_MIN_S, IMQTT_WIDE_TIMEOUT_MAX_S, false};
    if (wide && setting == SETTING_KEEP_ALIVE_S)
        return (struct setting_range){IMQTT_WIDE_KEEP_ALIVE_MIN_S, UINT16_MAX, true};
    return (struct setting_range){field->min, field->max, false};
}

static uint8_t *place_of(struct settings *settings, enum setting setting)
{
    return (uint8_t *)settings + setting_fields[setting].place;
}

uint16_t setting_number(const struct settings *settings, enum setting setting)
{
    const uint8_t *place = (const uint8_t *)settings + setting_fields[setting].place;
    uint16_t value = *place;
    if ((setting_fields[setting].flags & FIELD_WIDTH) == FIELD_TWO_BYTES)
        memcpy(&value, place, sizeof value);
    return value;
}

void setting_put_number(struct settings *settings, enum setting setting, uint16_t value)
{
    if ((setting_fields[setting].flags & FIELD_WIDTH) == FIELD_TWO_BYTES)
        memcpy(place_of(settings, setting), &value, sizeof value);
    else
        *place_of(settings, setting) = (uint8_t)value;
}

const char *setting_name(enum setting setting)
{
    static const char *const names[SETTING_COUNT] = {
#define NAME(setting, number, name) [number] = name,
        SETTINGS(NAME)
#undef NAME
    };
    return names[setting];
}

const uint8_t settings_in_order[SETTING_COUNT] = {
#define SETTING_ID(setting, number, name) number,
    SETTINGS(SETTING_ID)
#undef SETTING_ID
};
