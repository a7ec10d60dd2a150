#include "core/modem/dynreg.h"
#include "core/bytes/control_bytes.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/session/broker_connection.h"
#include "core/settings/record.h"

#define RECORD_VERSION 1

void dynreg_init(struct dynreg *dynreg, const struct imqtt_memory_port *memory)
{
    *dynreg = (struct dynreg){.save_waits = false};
    strings_init(&dynreg->strings, memory, IMQTT_MEMORY_REGISTRATION);
}

static struct aliyun_identity identity_of(const struct imqtt_modem *modem)
{
    const struct strings *strings = &modem->dynreg.strings;
    return (struct aliyun_identity){strings_get(strings, DYNREG_ASKED_PRODUCT_KEY),
                                    strings_get(strings, DYNREG_ASKED_DEVICE_NAME),
                                    strings_get(strings, DYNREG_ASKED_PRODUCT_SECRET)};
}

/* ---- results -------------------------------------------------------------------------------- */

/* The three strings that a registration gives, as they are kept, stored and shown. */
struct result {
    struct span strings[DYNREG_RESULT_STRINGS];
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
    out_span(out, aliyun_device_secret(&modem->dynreg.machine.answer));
    ends[2] = out->count;
}

static void put_token(const struct imqtt_modem *modem, struct out *out, size_t ends[])
{
    struct aliyun_identity identity = identity_of(modem);
    const struct aliyun_answer *answer = &modem->dynreg.machine.answer;
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
    size_t ends[DYNREG_RESULT_STRINGS], start = 0;
    if (modem->dynreg.machine.mode == ALIYUN_PRE_REGISTERED)
        put_triple(modem, &out, ends);
    else
        put_token(modem, &out, ends);
    for (size_t i = 0; i < DYNREG_RESULT_STRINGS; i++) {
        result->strings[i] = span_of(result->room + start, ends[i] - start);
        start = ends[i];
    }
}

static bool keep(struct imqtt_modem *modem, enum aliyun_mode mode, const struct span strings[])
{
    struct strings *kept = &modem->dynreg.strings;
    size_t bytes = 0;
    for (unsigned i = 0; i < DYNREG_RESULT_STRINGS; i++)
        bytes += strings[i].count;
    if (!strings_make_room(kept, bytes))
        return false;
    for (unsigned i = 0; i < DYNREG_RESULT_STRINGS; i++)
        strings_put(kept, dynreg_result_of(mode) + i, strings[i]);
    return true;
}

static bool keep_result(struct imqtt_modem *modem)
{
    struct result result;
    make_result(modem, &result);
    bool kept = keep(modem, modem->dynreg.machine.mode, result.strings);
    memset(&result, 0, sizeof result);
    return kept;
}

struct span dynreg_result(const struct dynreg *dynreg, enum aliyun_mode mode, unsigned i)
{
    return strings_get(&dynreg->strings, dynreg_result_of(mode) + i);
}

/* ---- the outcome ---------------------------------------------------------------------------- */

static void tell_end(const struct imqtt_modem *modem, const struct imqtt_failure *failure)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_REGISTERED,
                              .host = modem->link->target.host,
                              .port = modem->link->target.port,
                              .tls = modem->link->target.tls,
                              .took_ms = (uint32_t)(modem->now_ms - modem->dynreg.begun_ms),
                              .failure = *failure};
    modem_tell(modem, &news);
}

/* failure NULL: it succeeded. */
static void end(struct imqtt_modem *modem, const struct imqtt_failure *failure)
{
    static const struct imqtt_failure none = {IMQTT_STAGE_NONE, 0, ""};
    if (failure != NULL)
        diagnosis_set(&modem->link->diagnosis, failure);
    else
        diagnosis_clear(&modem->link->diagnosis);
    modem->dialect->say_dynreg(modem, modem->dynreg.machine.mode, failure == NULL);
    if (modem_has_listener(modem))
        tell_end(modem, failure != NULL ? failure : &none);
}

static void report(struct imqtt_modem *modem)
{
    static const struct imqtt_failure no_memory = {IMQTT_STAGE_REGISTER, 0,
                                                   "no memory for the result"};
    struct aliyun_registration *machine = &modem->dynreg.machine;
    if (!machine->succeeded)
        end(modem, &machine->failure);
    else
        end(modem, keep_result(modem) ? NULL : &no_memory);
    memset(&machine->answer, 0, sizeof machine->answer);
}

static enum imqtt_record record_of(enum aliyun_mode mode)
{
    return mode == ALIYUN_PRE_REGISTERED ? IMQTT_RECORD_TRIPLE : IMQTT_RECORD_TOKEN;
}

static bool begin_to_save(struct imqtt_modem *modem)
{
    const struct imqtt_store_port *store = &modem->ports.store;
    struct result result;
    struct out record;
    make_result(modem, &result);
    bool begun = records_begin(&modem->records, store, &record);
    if (begun)
        out_u8(&record, RECORD_VERSION);
    for (unsigned i = 0; begun && i < DYNREG_RESULT_STRINGS; i++)
        record_put_string(&record, result.strings[i]);
    memset(&result, 0, sizeof result);
    return begun &&
           records_save(&modem->records, store, record_of(modem->dynreg.machine.mode), &record);
}

/* The step to take now: if it cannot be saved, that is the store's answer already. */
static enum aliyun_step save(struct imqtt_modem *modem)
{
    struct dynreg *dynreg = &modem->dynreg;
    dynreg->save_waits = records_are_busy(&modem->records);
    if (dynreg->save_waits || begin_to_save(modem))
        return ALIYUN_STAY;
    return aliyun_registration_saved(&dynreg->machine, false);
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
        mqtt_client_disconnect(&modem->link->mqtt, modem->now_ms);
        break;
    case ALIYUN_REPORT:
        report(modem);
        break;
    }
}

void dynreg_take_saved(struct imqtt_modem *modem, bool safe)
{
    take_step(modem, aliyun_registration_saved(&modem->dynreg.machine, safe));
}

void dynreg_save_waiting(struct imqtt_modem *modem)
{
    if (modem->dynreg.save_waits)
        take_step(modem, ALIYUN_SAVE);
}

/* ---- what was stored ------------------------------------------------------------------------ */

/* The strings, if they are what a registration can have given. */
static bool take_record(struct span record, struct span strings[])
{
    uint8_t version;
    if (!span_take_u8(&record, &version) || version != RECORD_VERSION)
        return false;
    for (unsigned i = 0; i < DYNREG_RESULT_STRINGS; i++)
        if (!record_take_string(&record, &strings[i]) || strings[i].count == 0 ||
            has_control(strings[i]))
            return false;
    return record.count == 0;
}

bool dynreg_take_loaded(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record)
{
    struct span strings[DYNREG_RESULT_STRINGS];
    if (!take_record(record, strings))
        return false;
    if (!keep(modem, mode, strings))
        modem_warn(modem, "the memory port refused, purpose", IMQTT_MEMORY_REGISTRATION);
    return true;
}

/* ---- begin and end -------------------------------------------------------------------------- */

static bool has_ports_for(const struct imqtt_modem *modem, enum dynreg_type type)
{
    const struct imqtt_ports *ports = &modem->ports;
    return ports->crypto.hmac_sha256 != NULL && ports->crypto.random != NULL &&
           (type != DYNREG_AND_STORE || ports->store.save != NULL);
}

enum imqtt_status dynreg_check(const struct imqtt_modem *modem, enum dynreg_type type)
{
    if (!has_ports_for(modem, type))
        return IMQTT_NOT_SUPPORTED;
    if (!modem->settings.tls)
        return IMQTT_NOT_ALLOWED;
    return radio_is_attached(&modem->radio) ? IMQTT_DONE : IMQTT_NO_NETWORK_SERVICE;
}

static bool connect(struct imqtt_modem *modem, const struct connection_target *target,
                    const struct aliyun_login *login)
{
    struct mqtt_connect connect = {
        .host = target->host,
        .port = target->port,
        .tls = target->tls,
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
    return mqtt_client_connect(&modem->link->mqtt, &connect, modem->now_ms);
}

enum imqtt_status dynreg_begin(struct imqtt_modem *modem, enum dynreg_type type,
                               enum aliyun_mode mode)
{
    uint8_t room[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(room, sizeof room);
    struct aliyun_identity identity = identity_of(modem);
    struct connection_target *target = &modem->link->target;
    connection_find_target(&modem->settings, identity.product_key, target);
    target->tls = true;
    struct aliyun_login login;
    bool begun = aliyun_sign_registration(&identity, mode, span_text(target->host),
                                          &modem->ports.crypto, &out, &login) &&
                 connect(modem, target, &login);
    memset(room, 0, sizeof room);
    if (!begun)
        return IMQTT_UNKNOWN_ERROR;
    modem->dynreg.begun_ms = modem->now_ms;
    aliyun_registration_begin(&modem->dynreg.machine, mode, type == DYNREG_AND_STORE);
    return IMQTT_DONE;
}

enum imqtt_status dynreg_give_up(struct imqtt_modem *modem)
{
    take_step(modem, aliyun_registration_give_up(&modem->dynreg.machine));
    return IMQTT_DONE;
}

/* ---- events --------------------------------------------------------------------------------- */

static void take_message(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    mqtt_client_acknowledge(&modem->link->mqtt, event->packet_id, event->qos);
    take_step(modem,
              aliyun_registration_message(&modem->dynreg.machine, event->topic, event->payload));
}

void dynreg_take_event(struct imqtt_modem *modem, const struct mqtt_event *event)
{
    struct aliyun_registration *machine = &modem->dynreg.machine;
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
        mqtt_client_acknowledge(&modem->link->mqtt, event->packet_id, event->qos);
        break;
    }
}

void dynreg_tick(struct imqtt_modem *modem)
{
    take_step(modem, aliyun_registration_tick(&modem->dynreg.machine, modem->now_ms));
}
