#include "core/settings/fields.h"

#define PLACE(member) offsetof(struct settings, member)

#define NUMBER(member, flags, min, max, factory)                                                   \
    {                                                                                              \
        max, PLACE(member), flags, min, factory                                                    \
    }
#define BYTE(member, min, max, factory)      NUMBER(member, FIELD_BYTE, min, max, factory)
#define TWO_BYTES(member, min, max, factory) NUMBER(member, FIELD_TWO_BYTES, min, max, factory)
#define UNSTORED(member, max, factory)       NUMBER(member, FIELD_BYTE | FIELD_UNSTORED, 0, max, factory)
#define STRING(flags, max_bytes)                                                                   \
    {                                                                                              \
        max_bytes, 0, FIELD_STRING | (flags), 0, 0                                                 \
    }

_Static_assert(offsetof(struct settings, strings) <= UINT8_MAX, "a place is a byte");

// clang-format off
const struct field setting_fields[SETTING_COUNT] = {
    [SETTING_ECHO] = BYTE(answers.echo, 0, 1, 1),
    [SETTING_VERBOSE] = UNSTORED(answers.verbose, 1, 1),
    [SETTING_QUIET] = UNSTORED(answers.quiet, 1, 0),
    [SETTING_ERROR_FORM] = BYTE(answers.error_form, 0, ERROR_FORM_MAX, 0),
    [SETTING_S3] = BYTE(s_registers[0], 0, S_REGISTER_MAX, '\r'),
    [SETTING_S4] = BYTE(s_registers[1], 0, S_REGISTER_MAX, '\n'),
    [SETTING_S5] = BYTE(s_registers[2], 0, S_REGISTER_MAX, '\b'),
    [SETTING_CREG] = BYTE(report_modes[0], REPORT_NOTHING, CREG_REPORT_MAX, REPORT_NOTHING),
    [SETTING_CGREG] = BYTE(report_modes[1], REPORT_NOTHING, CGREG_REPORT_MAX, REPORT_NOTHING),
    [SETTING_CEREG] = BYTE(report_modes[2], REPORT_NOTHING, CGREG_REPORT_MAX, REPORT_NOTHING),
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
#if SETTINGS_OF_A_MODULE
    [SETTING_S0] = BYTE(call[0], 0, UINT8_MAX, 0),
    [SETTING_S6] = BYTE(call[1], 0, UINT8_MAX, 2),
    [SETTING_S7] = BYTE(call[2], 0, UINT8_MAX, 60),
    [SETTING_S8] = BYTE(call[3], 0, UINT8_MAX, 2),
    [SETTING_S9] = BYTE(call[4], 0, UINT8_MAX, 6),
    [SETTING_S10] = BYTE(call[5], 0, UINT8_MAX, 14),
    [SETTING_X] = BYTE(call[6], 0, 4, 4),
    [SETTING_L] = BYTE(call[7], 0, 3, 1),
    [SETTING_M] = BYTE(call[8], 0, 2, 1),
    [SETTING_AND_C] = BYTE(call[9], 0, 1, 1),
    [SETTING_AND_D] = BYTE(call[10], 0, 2, 2),
    [SETTING_AND_K] = NUMBER(call[11], FIELD_BYTE | FIELD_ZERO, 3, 6, 0),
    [SETTING_EVENT_REPORT] = UNSTORED(inert[0], 2, 0),
    [SETTING_EVENT_BUFFER] = UNSTORED(inert[1], 1, 0),
    [SETTING_POWER_SAVING] = UNSTORED(inert[2], 1, 0),
    [SETTING_DISCONTINUOUS] = UNSTORED(inert[3], 3, 0),
    [SETTING_CHARACTER_SET] = UNSTORED(inert[4], 2, 0),
    [SETTING_CLTS] = UNSTORED(inert[5], 1, 0),
    [SETTING_QNITZ] = UNSTORED(inert[6], 1, 0),
#endif
#if IMQTT_WITH_RECONNECT
    [SETTING_RECONNECT] = BYTE(reconnect.is_on, 0, 1, 0),
    [SETTING_RECONNECT_MIN_S] = TWO_BYTES(reconnect.min_s, 1, IMQTT_RECONNECT_MAX_S,
                                          IMQTT_RECONNECT_MIN_DEFAULT_S),
    [SETTING_RECONNECT_MAX_S] = TWO_BYTES(reconnect.max_s, 1, IMQTT_RECONNECT_MAX_S,
                                          IMQTT_RECONNECT_MAX_DEFAULT_S),
#endif
};
// clang-format on

struct setting_range setting_range(enum setting setting, bool wide)
{
    const struct field *field = &setting_fields[setting];
    if (wide && setting == SETTING_TIMEOUT_S)
        return (struct setting_range){IMQTT_TIMEOUT_MIN_S, IMQTT_WIDE_TIMEOUT_MAX_S, false};
    if (wide && setting == SETTING_KEEP_ALIVE_S)
        return (struct setting_range){IMQTT_WIDE_KEEP_ALIVE_MIN_S, UINT16_MAX, true};
    return (struct setting_range){field->min, field->max, (field->flags & FIELD_ZERO) != 0};
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

/* Arrays, not pointers: with -flto a linker cannot leave out the literals of a table that it drops
 * (560 bytes of firmware that nobody watches). */
const char *setting_name(enum setting setting)
{
    static const char names[SETTING_NAMES][sizeof "dynreg_product_secret"] = {
#define NAME(setting, number, name) [number] = name,
        SETTINGS(NAME)
#undef NAME
    };
    return names[setting];
}

const uint8_t settings_in_order[SETTING_NAMES] = {
#define SETTING_ID(setting, number, name) number,
    SETTINGS(SETTING_ID)
#undef SETTING_ID
};
