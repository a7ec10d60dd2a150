#include "core/modem/registration.h"
#include "core/at/quoting.h"
#include "core/bytes/ascii.h"
#include "core/session/connection.h"
#include "core/modem/modem.h"
#include "core/settings/record.h"

struct registration registration_in(const struct imqtt_memory_port *memory)
{
    return (struct registration){.strings = strings_on(memory, IMQTT_MEMORY_REGISTRATION)};
}

static struct aliyun_identity identity_of(const struct imqtt_modem *modem)
{
    const struct strings *strings = &modem->registration.strings;
    return (struct aliyun_identity){strings_get(strings, REGISTERING_PRODUCT_KEY),
                                    strings_get(strings, REGISTERING_DEVICE_NAME),
                                    strings_get(strings, REGISTERING_PRODUCT_SECRET)};
}

/* ---- results -------------------------------------------------------------------------------- */

/* The three strings that a registration gives, as they are kept, stored and shown. */
struct result {
    struct span strings[REGISTRATION_RESULT_STRINGS];
    uint8_t room[ALIYUN_CONNWL_CLIENT_ID_BYTES + 2 * IMQTT_ALIYUN_FIELD_BYTES + 1 +
                 IMQTT_ALIYUN_TOKEN_BYTES];
};

static void put_triple(const struct imqtt_modem *modem, struct out *out, size_t ends[])
{
    struct aliyun_identity identity = identity_of(modem);
    out_span(out, identity.product_key);
    ends[0] = out->count;
    out_span(out, identity.device_name);
    ends[1] = out->count;
    out_span(out, aliyun_device_secret(&modem->registration.machine.answer));
    ends[2] = out->count;
}

static void put_token(const struct imqtt_modem *modem, struct out *out, size_t ends[])
{
    struct aliyun_identity identity = identity_of(modem);
    const struct aliyun_answer *answer = &modem->registration.machine.answer;
    aliyun_put_connwl_client_id(aliyun_client_id(answer), out);
    ends[0] = out->count;
    aliyun_put_user_name(&identity, out);
    ends[1] = out->count;
    out_span(out, aliyun_device_token(answer));
    ends[2] = out->count;
}

static void make_result(const struct imqtt_modem *modem, struct result *result)
{
    struct out out = out_on(result->room, sizeof result->room);
    size_t ends[REGISTRATION_RESULT_STRINGS], start = 0;
    if (modem->registration.machine.mode == ALIYUN_PRE_REGISTERED)
        put_triple(modem, &out, ends);
    else
        put_token(modem, &out, ends);
    for (size_t i = 0; i < REGISTRATION_RESULT_STRINGS; i++) {
        result->strings[i] = span_of(result->room + start, ends[i] - start);
        start = ends[i];
    }
}

static bool keep(struct imqtt_modem *modem, enum aliyun_mode mode, const struct span strings[])
{
    struct strings *shelf = &modem->registration.strings;
    size_t bytes = 0;
    for (unsigned i = 0; i < REGISTRATION_RESULT_STRINGS; i++)
        bytes += strings[i].count;
    if (!strings_make_room(shelf, bytes))
        return false;
    for (unsigned i = 0; i < REGISTRATION_RESULT_STRINGS; i++)
        strings_put(shelf, registration_result_of(mode) + i, strings[i]);
    return true;
}

static bool keep_result(struct imqtt_modem *modem)
{
    struct result result;
    make_result(modem, &result);
    bool kept = keep(modem, modem->registration.machine.mode, result.strings);
    memset(&result, 0, sizeof result);
    return kept;
}

static void put_quoted(struct out *out, struct span string)
{
    out_text(out, ",\"");
    quoting_put_escaped(out, string);
    out_u8(out, '"');
}

static struct span result_string(const struct imqtt_modem *modem, enum aliyun_mode mode, unsigned i)
{
    return strings_get(&modem->registration.strings, registration_result_of(mode) + i);
}

void registration_put_result(const struct imqtt_modem *modem, enum aliyun_mode mode,
                             struct out *out)
{
    out_decimal(out, mode);
    for (unsigned i = 0; i < REGISTRATION_RESULT_STRINGS; i++)
        put_quoted(out, result_string(modem, mode, i));
}

/* ---- the outcome ---------------------------------------------------------------------------- */

static void report_success(struct imqtt_modem *modem)
{
    enum aliyun_mode mode = modem->registration.machine.mode;
    struct out urc = urc_begin(&modem->urcs);
    out_text(&urc, "+IMQTTDYNREG:");
    registration_put_result(modem, mode, &urc);
    diagnosis_clear(&modem->diagnosis);
    urc_end(&modem->urcs, &urc);
}

static void report_failure(struct imqtt_modem *modem, const struct imqtt_failure *failure)
{
    bool pre_registered = modem->registration.machine.mode == ALIYUN_PRE_REGISTERED;
    diagnosis_set(&modem->diagnosis, failure);
    modem_report(modem, pre_registered ? "+IMQTTDYNREG:1,\"\",\"\",\"\""
                                       : "+IMQTTDYNREG:2,\"\",\"\",\"\"");
}

static void report(struct imqtt_modem *modem)
{
    static const struct imqtt_failure no_memory = {IMQTT_STAGE_REGISTER, 0,
                                                   "no memory for the result"};
    struct aliyun_registration *machine = &modem->registration.machine;
    if (!machine->succeeded)
        report_failure(modem, &machine->failure);
    else if (keep_result(modem))
        report_success(modem);
    else
        report_failure(modem, &no_memory);
    memset(&machine->answer, 0, sizeof machine->answer);
}

static enum imqtt_record record_of(enum aliyun_mode mode)
{
    return mode == ALIYUN_PRE_REGISTERED ? IMQTT_RECORD_TRIPLE : IMQTT_RECORD_TOKEN;
}

static bool begin_to_save(struct imqtt_modem *modem)
{
    struct result result;
    struct out record;
    make_result(modem, &result);
    bool begun = record_begin(modem, sizeof result, &record);
    for (unsigned i = 0; begun && i < REGISTRATION_RESULT_STRINGS; i++)
        record_put_string(&record, result.strings[i]);
    memset(&result, 0, sizeof result);
    return begun && record_save(modem, record_of(modem->registration.machine.mode), &record);
}

/* The step to take now: if it cannot be saved, that is the store's answer already. */
static enum aliyun_step save(struct imqtt_modem *modem)
{
    struct registration *registration = &modem->registration;
    registration->save_waits = record_is_busy(modem);
    if (registration->save_waits || begin_to_save(modem))
        return ALIYUN_STAY;
    return aliyun_registration_saved(&registration->machine, false);
}

static void take_step(struct imqtt_modem *modem, enum aliyun_step step)
{
    if (step == ALIYUN_SAVE)
        step = save(modem);
    switch (step) {
    case ALIYUN_STAY:
    case ALIYUN_SAVE:
        break;
    case ALIYUN_LEAVE:
        mqtt_client_disconnect(&modem->mqtt, modem->now_ms);
        break;
    case ALIYUN_REPORT:
        report(modem);
        break;
    }
}

void registration_take_saved(struct imqtt_modem *modem, bool safe)
{
    take_step(modem, aliyun_registration_saved(&modem->registration.machine, safe));
}

void registration_save_waiting(struct imqtt_modem *modem)
{
    if (modem->registration.save_waits)
        take_step(modem, ALIYUN_SAVE);
}

/* ---- what was stored ------------------------------------------------------------------------ */

/* The strings, if they are what a registration can have given. */
static bool take_record(struct span record, struct span strings[])
{
    if (!record_take_version(&record))
        return false;
    for (unsigned i = 0; i < REGISTRATION_RESULT_STRINGS; i++)
        if (!record_take_string(&record, &strings[i]) || strings[i].count == 0 ||
            has_control(strings[i]))
            return false;
    return record.count == 0;
}

void registration_take_loaded(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record)
{
    struct span strings[REGISTRATION_RESULT_STRINGS];
    if (!take_record(record, strings))
        modem_note(modem, IMQTT_NOTE_RECORD_UNREADABLE, record_of(mode));
    else if (!keep(modem, mode, strings))
        modem_note(modem, IMQTT_NOTE_NO_MEMORY, IMQTT_MEMORY_REGISTRATION);
}

/* ---- begin and end -------------------------------------------------------------------------- */

static bool has_ports_for(const struct imqtt_modem *modem, enum registration_type type)
{
    const struct imqtt_ports *ports = &modem->ports;
    return ports->crypto.hmac_sha256 != NULL && ports->crypto.random != NULL &&
           (type != REGISTER_AND_STORE || ports->store.save != NULL);
}

enum imqtt_status registration_check(const struct imqtt_modem *modem, enum registration_type type)
{
    if (!has_ports_for(modem, type))
        return IMQTT_NOT_SUPPORTED;
    if (!modem->settings.tls)
        return IMQTT_NOT_ALLOWED;
    if (!connection_has_radio(modem))
        return IMQTT_NO_NETWORK_SERVICE;
    return connection_check_free(modem);
}

static bool connect(struct imqtt_modem *modem, const struct connection_target *target,
                    const struct aliyun_login *login)
{
    struct mqtt_connect connect = {
        .host = target->host,
        .port = target->port,
        .tls = true,
        .packet = {.version = MQTT_3_1_1,
                   .clean_session = true,
                   .keep_alive_s = modem->settings.request.keep_alive_s,
                   .client_id = login->client_id,
                   .has_user_name = true,
                   .user_name = login->user_name,
                   .has_password = true,
                   .password = login->password},
        .connack_timeout_ms = IMQTT_REGISTER_TIMEOUT_MS,
        .request_timeout_ms = modem->settings.request.timeout_s * 1000U,
    };
    return mqtt_client_connect(&modem->mqtt, &connect, modem->now_ms);
}

enum imqtt_status registration_begin(struct imqtt_modem *modem, enum registration_type type,
                                     enum aliyun_mode mode)
{
    uint8_t room[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(room, sizeof room);
    struct aliyun_identity identity = identity_of(modem);
    struct connection_target target = connection_target(modem, identity.product_key);
    struct aliyun_login login;
    bool begun = aliyun_sign_registration(&identity, mode, span_text(target.host),
                                          &modem->ports.crypto, &out, &login) &&
                 connect(modem, &target, &login);
    memset(room, 0, sizeof room);
    if (!begun)
        return IMQTT_UNKNOWN_ERROR;
    aliyun_registration_begin(&modem->registration.machine, mode, type == REGISTER_AND_STORE);
    return IMQTT_DONE;
}

enum imqtt_status registration_give_up(struct imqtt_modem *modem)
{
    take_step(modem, aliyun_registration_give_up(&modem->registration.machine));
    return IMQTT_DONE;
}

/* ---- events --------------------------------------------------------------------------------- */

static void take_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    mqtt_client_acknowledge(&modem->mqtt, event->packet_id, event->qos);
    take_step(modem, aliyun_registration_message(&modem->registration.machine, event->topic,
                                                 event->payload));
}

void registration_take_event(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct aliyun_registration *machine = &modem->registration.machine;
    switch (event->kind) {
    case MQTT_CONNECTED:
        aliyun_registration_connected(machine, modem->now_ms);
        break;
    case MQTT_DISCONNECTED:
        take_step(modem, aliyun_registration_disconnected(machine, &event->failure));
        break;
    case MQTT_MESSAGE:
        take_message(modem, event);
        break;
    default: /* nothing else was asked for; what must be acknowledged is */
        mqtt_client_acknowledge(&modem->mqtt, event->packet_id, event->qos);
        break;
    }
}

void registration_tick(struct imqtt_modem *modem)
{
    take_step(modem, aliyun_registration_tick(&modem->registration.machine, modem->now_ms));
}
