#include "imqttd/control/modem_json.h"

#include <stdlib.h>
#include <string.h>

#include "host/modem/modem_config.h"
#include "imqtt/clients.h"
#include "imqtt/dialect.h"
#include "imqttd/config/radio_words.h"
#include "imqttd/daemon.h"

json_t *bytes_json(const void *bytes, size_t count)
{
    json_t *string = json_stringn(count > 0 ? bytes : "", count);
    if (string != NULL)
        return string;
    uint8_t *clean = malloc(count + 1);
    if (clean == NULL)
        return json_null();
    memcpy(clean, bytes, count);
    for (size_t i = 0, length; i < count; i += length) {
        length = json_utf8_bytes(clean + i, count - i);
        if (length == 0) {
            clean[i] = '?';
            length = 1;
        }
    }
    string = json_stringn((const char *)clean, count);
    free(clean);
    return string;
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

void modem_json_put_summary(struct json_text *json, const struct watch *watch)
{
    struct imqtt_radio radio = host_modem_radio(watch->modem);
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    const struct watch_counters *counters = &watch->counters;
    json_put(json, "{");
    json_put_word(json, "name", host_modem_name(watch->modem));
    json_put_string(json, "terminal", host_modem_label(watch->modem));
    json_put_flag(json, "powered", host_modem_is_powered(watch->modem));
    json_put_flag(json, "connected", core != NULL && imqtt_modem_is_connected(core));
    json_put_number(json, "signal", radio.signal);
    json_put_word(json, "registered", radio_registered_word(radio.registered));
    json_put_number(json, "messages_in", (int64_t)counters->messages_in);
    json_put_number(json, "messages_out", (int64_t)counters->messages_out);
    json_put_number(json, "faults", (int64_t)host_modem_faults(watch->modem)->count);
    json_put(json, "}");
}

/* The summary, to which more is added. */
static json_t *base(const struct watch *watch)
{
    struct json_text text = {0};
    modem_json_put_summary(&text, watch);
    json_t *json = json_loadb(text.text, text.count, 0, NULL);
    json_text_free(&text);
    return json;
}

/* ---- detail --------------------------------------------------------------------------------- */

/* The protocol's level on the wire, as people call it. */
static const char *version_name(long long level)
{
    return level == 3 ? "3.1" : level == 4 ? "3.1.1" : "5";
}

static void put_setting(void *context, const char *name, const uint8_t *value, size_t value_bytes,
                        bool is_number)
{
    char digits[24] = "";
    if (is_number && value_bytes < sizeof digits) {
        memcpy(digits, value, value_bytes);
        long long number = strtoll(digits, NULL, 10);
        bool is_version = strcmp(name, "version") == 0;
        json_object_set_new(context, name,
                            is_version ? json_string(version_name(number))
                                       : json_integer((json_int_t)number));
    } else {
        json_object_set_new(context, name, bytes_json(value, value_bytes));
    }
}

static void put_subscription(void *context, const uint8_t *filter, size_t filter_bytes,
                             uint8_t granted_qos)
{
    json_array_append_new(context,
                          json_pack("{s:o, s:i}", "filter", bytes_json(filter, filter_bytes), "qos",
                                    (int)granted_qos));
}

static json_t *identity_json(const struct watch *watch)
{
#define KEY_OF(name, key, rule) key,
    static const char *const keys[] = {IMQTT_IDENTITY_FIELDS(KEY_OF)};
#undef KEY_OF
    const struct modem_config *config = host_modem_config(watch->modem);
    struct imqtt_identity identity = *config->identity;
    char text[IMQTT_IDENTITY_TEXT_BYTES + 1];
    json_t *json = json_object();
    identity.name = config->stored_as;
    for (size_t i = 0; i < IMQTT_IDENTITY_FIELD_COUNT; i++) {
        imqtt_identity_text(&identity, (enum imqtt_identity_field)i, text);
        json_object_set_new(json, keys[i], json_string(text));
    }
    return json;
}

static json_t *client_id_of(json_t *settings)
{
    json_t *id = json_object_get(settings, "client_id");
    return json_is_string(id) ? json_incref(id) : json_string("");
}

/* Of several clients each has had one of its own; of one the settings have it. */
static json_t *client_id_json(const struct watch_client *client, json_t *settings)
{
    return client->client_id != NULL ? bytes_json(client->client_id, strlen(client->client_id))
                                     : client_id_of(settings);
}

static json_t *connection_json(const struct watch *watch, uint8_t which, json_t *settings)
{
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    const struct watch_client *client = watch_client(watch, which);
    if (core == NULL || client == NULL || client->broker == NULL ||
        !imqtt_modem_client_is_connected(core, which))
        return json_null();
    uint64_t since_ms = loop_now_ms(&watch->daemon->host.loop) - client->connected_ms;
    return json_pack("{s:o, s:o, s:o, s:b, s:b}", "broker",
                     bytes_json(client->broker, strlen(client->broker)), "client_id",
                     client_id_json(client, settings), "since_ms", number(since_ms), "tls",
                     client->tls, "session_present", client->session_present);
}

static json_t *last_error_json(const struct watch_client *client)
{
    if (client == NULL || client->failed_stage == IMQTT_STAGE_NONE)
        return json_null();
    return json_pack("{s:s, s:i, s:o, s:o}", "stage", imqtt_stage_word(client->failed_stage),
                     "code", (int)client->failed_code, "text",
                     bytes_json(client->failed_text, strlen(client->failed_text)), "at_ms",
                     json_integer(client->failed_at_ms));
}

static json_t *client_json(const struct watch *watch, uint8_t which, json_t *settings)
{
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    struct imqtt_counts counts = imqtt_modem_client_counts(core, which);
    json_t *json = json_object(), *subscriptions = json_array();
    imqtt_modem_client_visit_subscriptions(core, which, put_subscription, subscriptions);
    json_object_set_new(json, "client", number(which));
    json_object_set_new(json, "connection", connection_json(watch, which, settings));
    json_object_set_new(json, "last_error", last_error_json(watch_client(watch, which)));
    json_object_set_new(json, "subscriptions", subscriptions);
    json_object_set_new(json, "inbox", number(counts.inbox_messages));
    json_object_set_new(json, "outbox", number(counts.outbox_requests));
    return json;
}

/* Only where there is more than one. */
static void put_clients(json_t *json, const struct watch *watch, json_t *settings)
{
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    uint8_t count = core != NULL ? imqtt_modem_clients(core) : 1;
    if (count == 1)
        return;
    json_t *clients = json_array();
    for (uint8_t which = 0; which < count; which++)
        json_array_append_new(clients, client_json(watch, which, settings));
    json_object_set_new(json, "clients", clients);
}

static json_t *radio_json(const struct imqtt_radio *radio)
{
    return json_pack("{s:i, s:s, s:s}", "signal", (int)radio->signal, "registered",
                     radio_registered_word(radio->registered), "sim",
                     radio->sim_ready ? "ready" : "absent");
}

static json_t *counters_json(const struct watch *watch)
{
    const struct watch_counters *counters = &watch->counters;
    const struct {
        const char *name;
        uint64_t value;
    } all[] = {
        {"attempts", counters->attempts},
        {"connections", counters->connections},
        {"refused", counters->refused},
        {"lost", counters->lost},
        {"reconnects", counters->reconnects},
        {"messages_in", counters->messages_in},
        {"messages_out", counters->messages_out},
        {"bytes_in", counters->bytes_in},
        {"bytes_out", counters->bytes_out},
        {"dropped", counters->dropped},
        {"commands", counters->commands},
        {"command_errors", counters->command_errors},
        {"urcs", counters->urcs},
    };
    json_t *json = json_object();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_object_set_new(json, all[i].name, number(all[i].value));
    return json;
}

static const char *dialect_name(const struct watch *watch)
{
    const char *word = imqtt_dialect_word(host_modem_config(watch->modem)->dialect);
    return word != NULL ? word : imqtt_dialect_name(0);
}

json_t *modem_json_detail(const struct watch *watch)
{
    json_t *json = base(watch), *settings = json_object(), *subscriptions = json_array();
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    struct imqtt_radio radio = host_modem_radio(watch->modem);
    struct imqtt_counts counts = {0};
    if (core != NULL) {
        imqtt_modem_visit_settings(core, put_setting, settings);
        imqtt_modem_visit_subscriptions(core, put_subscription, subscriptions);
        counts = imqtt_modem_counts(core);
    }
    json_object_set_new(json, "dialect", json_string(dialect_name(watch)));
    json_object_set_new(json, "host_connected", json_boolean(host_modem_has_host(watch->modem)));
    json_object_set_new(json, "awaits_data", json_boolean(host_modem_awaits_data(watch->modem)));
    json_object_set_new(json, "identity", identity_json(watch));
    json_object_set_new(json, "connection", connection_json(watch, 0, settings));
    json_object_set_new(json, "settings", settings);
    json_object_set_new(json, "last_error", last_error_json(&watch->first));
    json_object_set_new(json, "subscriptions", subscriptions);
    json_object_set_new(json, "inbox", number(counts.inbox_messages));
    json_object_set_new(json, "outbox", number(counts.outbox_requests));
    put_clients(json, watch, settings);
    json_object_set_new(json, "radio", radio_json(&radio));
    json_object_set_new(json, "counters", counters_json(watch));
    json_object_set_new(json, "faults", fault_json_list(watch));
    return json;
}
