#include "core/settings/profile.h"
#include "core/bytes/ascii.h"
#include "core/modem/modem.h"

void profile_load_factory(struct imqtt_modem *modem)
{
    strings_clear(&modem->settings.strings);
    modem->settings = settings_factory(&modem->ports.memory);
    modem->format = AT_FORMAT_DEFAULT;
}

/* ---- numbers: one byte each, in this order, all of them or none ----------------------------- */

enum {
    ECHO,
    ERROR_FORM,
    S3,
    S4,
    S5,
    CREG,
    CGREG,
    CEREG,
    MODE,
    TLS,
    RECEIVE_MODE,
    TIMEOUT_S,
    CLEAN_SESSION,
    KEEP_ALIVE_S,
    VERSION,
    WILL_QOS,
    WILL_RETAINED,
    REGISTRATION_TYPE,
    REGISTRATION_MODE,
    PORT_HIGH,
    PORT_LOW,
    NUMBERS
};

static const struct {
    uint8_t min, max;
} ranges[NUMBERS] = {
    [ECHO] = {0, 1},
    [ERROR_FORM] = {0, ERROR_FORM_MAX},
    [S3] = {0, S_REGISTER_MAX},
    [S4] = {0, S_REGISTER_MAX},
    [S5] = {0, S_REGISTER_MAX},
    [CREG] = {REPORT_NOTHING, REPORT_PLACE},
    [CGREG] = {REPORT_NOTHING, REPORT_PLACE},
    [CEREG] = {REPORT_NOTHING, REPORT_PLACE},
    [MODE] = {MODE_MIN, MODE_STANDARD},
    [TLS] = {0, 1},
    [RECEIVE_MODE] = {RECEIVE_AT_ONCE, RECEIVE_BUFFERED},
    [TIMEOUT_S] = {IMQTT_TIMEOUT_MIN_S, IMQTT_TIMEOUT_MAX_S},
    [CLEAN_SESSION] = {0, 1},
    [KEEP_ALIVE_S] = {IMQTT_KEEP_ALIVE_MIN_S, IMQTT_KEEP_ALIVE_MAX_S},
    [VERSION] = {MQTT_3_1, MQTT_3_1_1},
    [WILL_QOS] = {0, 2},
    [WILL_RETAINED] = {0, 1},
    [REGISTRATION_TYPE] = {REGISTER_UNTIL_POWER_OFF, REGISTER_AND_STORE},
    [REGISTRATION_MODE] = {0, ALIYUN_NOT_PRE_REGISTERED},
    [PORT_HIGH] = {0, UINT8_MAX},
    [PORT_LOW] = {0, UINT8_MAX},
};

static bool are_in_range(const uint8_t numbers[NUMBERS])
{
    for (size_t i = 0; i < NUMBERS; i++)
        if (numbers[i] < ranges[i].min || numbers[i] > ranges[i].max)
            return false;
    return true;
}

static void collect_numbers(const struct imqtt_modem *modem, uint8_t numbers[NUMBERS])
{
    const struct settings *settings = &modem->settings;
    const struct request_settings *request = &settings->request;
    numbers[ECHO] = modem->format.echo;
    numbers[ERROR_FORM] = modem->format.error_form;
    memcpy(numbers + S3, settings->s_registers, S_REGISTER_COUNT);
    memcpy(numbers + CREG, settings->report_modes, REPORT_COUNT);
    numbers[MODE] = settings->mode;
    numbers[TLS] = settings->tls;
    numbers[RECEIVE_MODE] = settings->receive_mode;
    numbers[TIMEOUT_S] = request->timeout_s;
    numbers[CLEAN_SESSION] = request->clean_session;
    numbers[KEEP_ALIVE_S] = request->keep_alive_s;
    numbers[VERSION] = (uint8_t)request->version;
    numbers[WILL_QOS] = settings->will_qos;
    numbers[WILL_RETAINED] = settings->will_retained;
    numbers[REGISTRATION_TYPE] = settings->registration_type;
    numbers[REGISTRATION_MODE] = settings->registration_mode;
    numbers[PORT_HIGH] = (uint8_t)(settings->port >> 8);
    numbers[PORT_LOW] = (uint8_t)settings->port;
}

static void apply_numbers(struct imqtt_modem *modem, const uint8_t numbers[NUMBERS])
{
    struct settings *settings = &modem->settings;
    struct request_settings *request = &settings->request;
    modem->format.echo = numbers[ECHO] == 1;
    modem->format.error_form = numbers[ERROR_FORM];
    memcpy(settings->s_registers, numbers + S3, S_REGISTER_COUNT);
    memcpy(settings->report_modes, numbers + CREG, REPORT_COUNT);
    settings->mode = numbers[MODE];
    settings->tls = numbers[TLS] == 1;
    settings->receive_mode = numbers[RECEIVE_MODE];
    request->timeout_s = numbers[TIMEOUT_S];
    request->clean_session = numbers[CLEAN_SESSION] == 1;
    request->keep_alive_s = numbers[KEEP_ALIVE_S];
    request->version = (enum mqtt_version)numbers[VERSION];
    settings->will_qos = numbers[WILL_QOS];
    settings->will_retained = numbers[WILL_RETAINED] == 1;
    settings->registration_type = numbers[REGISTRATION_TYPE];
    settings->registration_mode = numbers[REGISTRATION_MODE];
    settings->port = (uint16_t)(numbers[PORT_HIGH] << 8 | numbers[PORT_LOW]);
}

/* ---- strings -------------------------------------------------------------------------------- */

static const uint16_t most_bytes[SETTING_STRING_COUNT] = {
    [SETTING_ADDRESS] = IMQTT_ADDRESS_BYTES,
    [SETTING_CLIENT_ID] = IMQTT_CLIENT_ID_BYTES,
    [SETTING_USER_NAME] = IMQTT_USER_NAME_BYTES,
    [SETTING_PASSWORD] = IMQTT_PASSWORD_BYTES,
    [SETTING_WILL_TOPIC] = IMQTT_LINE_BYTES,
    [SETTING_WILL_MESSAGE] = IMQTT_LINE_BYTES,
    [SETTING_PRODUCT_KEY] = IMQTT_ALIYUN_FIELD_BYTES,
    [SETTING_DEVICE_NAME] = IMQTT_ALIYUN_FIELD_BYTES,
    [SETTING_DEVICE_SECRET] = IMQTT_ALIYUN_FIELD_BYTES,
    [SETTING_REGISTRATION_PRODUCT_KEY] = IMQTT_ALIYUN_FIELD_BYTES,
    [SETTING_REGISTRATION_DEVICE_NAME] = IMQTT_ALIYUN_FIELD_BYTES,
    [SETTING_REGISTRATION_PRODUCT_SECRET] = IMQTT_ALIYUN_FIELD_BYTES,
};

/* Could have been typed: a control byte, which only a will may have, would forge an answer. */
static bool could_be(enum setting_string name, struct span string)
{
    return string.count <= most_bytes[name] &&
           (name == SETTING_WILL_MESSAGE || !has_control(string));
}

/* ---- the record ----------------------------------------------------------------------------- */

enum imqtt_status profile_save(struct imqtt_modem *modem)
{
    uint8_t numbers[NUMBERS];
    struct out record;
    if (modem->ports.store.save == NULL)
        return IMQTT_NOT_SUPPORTED;
    if (record_is_busy(modem))
        return IMQTT_LATER;
    if (!record_begin(modem, strings_bytes(&modem->settings.strings) + NUMBERS + 1, &record))
        return IMQTT_UNKNOWN_ERROR;
    collect_numbers(modem, numbers);
    out_span(&record, span_of(numbers, sizeof numbers));
    for (unsigned i = 0; i < SETTING_STRING_COUNT; i++)
        record_put_string(&record, setting_string(&modem->settings, i));
    out_u8(&record, modem->settings.receive_hex);
    return record_save(modem, IMQTT_RECORD_SETTINGS, &record) ? IMQTT_PENDING : IMQTT_UNKNOWN_ERROR;
}

/* It is the last: records of before AT+IMQTTRECVHEX end with the strings. */
static bool take_receive_hex(struct span *record, uint8_t *receive_hex)
{
    *receive_hex = 0;
    return record->count == 0 || (span_take_u8(record, receive_hex) && *receive_hex <= 1);
}

/* The numbers and the strings, if they all are what they can be. */
static bool take_record(struct span record, struct span *numbers, struct span strings[],
                        uint8_t *receive_hex)
{
    if (!record_take_version(&record) || !span_take(&record, NUMBERS, numbers) ||
        !are_in_range(numbers->bytes))
        return false;
    for (enum setting_string name = 0; name < SETTING_STRING_COUNT; name++)
        if (!record_take_string(&record, &strings[name]) || !could_be(name, strings[name]))
            return false;
    return take_receive_hex(&record, receive_hex) && record.count == 0;
}

bool profile_apply(struct imqtt_modem *modem, struct span record)
{
    struct span numbers, strings[SETTING_STRING_COUNT];
    uint8_t receive_hex;
    profile_load_factory(modem);
    if (!take_record(record, &numbers, strings, &receive_hex) ||
        !strings_make_room(&modem->settings.strings, record.count))
        return false;
    apply_numbers(modem, numbers.bytes);
    modem->settings.receive_hex = receive_hex == 1;
    for (enum setting_string name = 0; name < SETTING_STRING_COUNT; name++)
        strings_put(&modem->settings.strings, name, strings[name]);
    return true;
}
