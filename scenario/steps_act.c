#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host/faults/fault.h"
#include "host/faults/fault_random.h"
#include "imqttd/need.h"
#include "scenario/steps.h"

static bool act(struct player *player, const struct step *step, const char *behind, json_t *body)
{
    player_expected(player, "the daemon does it: %s", step_rows[step->kind].name);
    return player_ask(player, strcmp(behind, "") == 0 ? "PATCH" : "POST", behind, body, NULL);
}

static const char *value_word(const struct step *step, size_t at)
{
    return step_rows[step->kind].keys[at].words[step->values[at].number];
}

bool step_power(struct player *player, const struct step *step)
{
    return act(player, step, "/power", json_pack("{ss}", "action", value_word(step, ONLY_VALUE)));
}

bool step_link(struct player *player, const struct step *step)
{
    return act(player, step, "/link", json_pack("{ss}", "action", value_word(step, ONLY_VALUE)));
}

bool step_urc(struct player *player, const struct step *step)
{
    return act(player, step, "/urc", json_pack("{ss}", "text", step->values[ONLY_VALUE].text));
}

/* Answers are looked for from here on. */
bool step_type(struct player *player, const struct step *step)
{
    player->answer_at = player->traffic.count;
    return act(player, step, "/type", json_pack("{ss}", "text", step->values[ONLY_VALUE].text));
}

bool step_reset(struct player *player, const struct step *step)
{
    bool is_all = step->values[ONLY_VALUE].number == 0;
    player_expected(player, "the daemon does it: reset");
    return is_all ? player_ask_path(player, "POST", "/v1/reset", NULL, NULL)
                  : player_ask(player, "DELETE", "/faults", NULL, NULL);
}

bool step_radio(struct player *player, const struct step *step)
{
    json_t *radio = json_object();
    if (step->values[RADIO_SIGNAL].is_given)
        json_object_set_new(radio, "signal",
                            json_integer((json_int_t)step->values[RADIO_SIGNAL].number));
    if (step->values[RADIO_REGISTERED].is_given)
        json_object_set_new(radio, "registered", json_string(value_word(step, RADIO_REGISTERED)));
    if (step->values[RADIO_SIM].is_given)
        json_object_set_new(radio, "sim", json_string(value_word(step, RADIO_SIM)));
    return act(player, step, "", json_pack("{so}", "radio", radio));
}

/* ---- faults --------------------------------------------------------------------------------- */

/* A value as JSON has it: a word, a share of 1, a number. */
static json_t *attribute_json(const struct fault *fault, const struct fault_attribute *attribute)
{
    if (attribute->kind == FAULT_IS_TEXT)
        return json_string(fault->text);
    uint64_t value = fault->values[attribute->value];
    if (attribute->kind == FAULT_IS_WORD)
        return json_string(fault_word(fault, attribute));
    if (attribute->kind == FAULT_IS_SHARE)
        return json_real((double)value / FAULT_ALWAYS_PPM);
    return json_integer((json_int_t)value);
}

static json_t *attributes_json(const struct fault *fault)
{
    json_t *attributes = json_object();
    const struct fault_attribute *each = NULL;
    while ((each = fault_next_attribute(fault_type_of(fault), each)) != NULL)
        if (fault_has(fault, each->value))
            json_object_set_new(attributes, each->name, attribute_json(fault, each));
    return attributes;
}

/* From the scenario's seed each fault draws its own, by its place. */
static uint64_t fault_seed(const struct player *player, const struct step *step)
{
    struct fault_random random = {player->seed + step->line};
    return step->fault->has_seed ? step->fault->seed : fault_random_below(&random, FAULT_SEED_MAX);
}

static json_t *fault_json(const struct player *player, const struct step *step)
{
    const struct fault *fault = step->fault;
    json_t *json =
        json_pack("{ss ss ss sf sI so}", "type", fault_type_of(fault)->name, "link",
                  fault->link == FAULT_ON_UART ? "uart" : "broker", "stream",
                  fault_stream_words[fault->stream], "toxicity",
                  (double)fault->toxicity_ppm / FAULT_ALWAYS_PPM, "seed",
                  (json_int_t)fault_seed(player, step), "attributes", attributes_json(fault));
    if (fault->name[0] != '\0')
        json_object_set_new(json, "name", json_string(fault->name));
    if (fault->ttl_ms > 0)
        json_object_set_new(json, "ttl_ms", json_integer((json_int_t)fault->ttl_ms));
    if (fault->count > 0)
        json_object_set_new(json, "count", json_integer((json_int_t)fault->count));
    if (fault->when[0] != '\0')
        json_object_set_new(json, "when", json_pack("{ss}", "command", fault->when));
    return json;
}

bool step_fault(struct player *player, const struct step *step)
{
    json_t *answer = NULL;
    player_expected(player, "the daemon adds the fault %s", fault_type_of(step->fault)->name);
    if (!player_ask(player, "POST", "/faults", fault_json(player, step), &answer))
        return false;
    const char *name = json_string_value(json_object_get(answer, "name"));
    player->faults =
        need_resize(player->faults, (player->fault_count + 1) * sizeof *player->faults);
    (void)snprintf(player->faults[player->fault_count++], sizeof *player->faults, "%s",
                   name != NULL ? name : "");
    json_decref(answer);
    return true;
}

/* ---- the broker's other client -------------------------------------------------------------- */

static bool is_published(struct player *player)
{
    return mqtt_peer_is_published(player->peer, player->publish_id);
}

bool step_publish(struct player *player, const struct step *step)
{
    const struct step_value *values = step->values;
    struct peer_message message = {.topic = values[MQTT_TOPIC].text,
                                   .payload = values[MQTT_PAYLOAD].text,
                                   .bytes = strlen(values[MQTT_PAYLOAD].text),
                                   .qos = (int)values[MQTT_QOS].number,
                                   .is_retained = values[MQTT_RETAINED].number == 1};
    player_expected(player, "the broker takes a message on %.200s", message.topic);
    if (player_peer(player) == NULL)
        return false;
    player_came(player, "nothing");
    player->publish_id = mqtt_peer_publish(player->peer, &message);
    return player->publish_id != 0 ? player_wait(player, values[MQTT_WITHIN].number, is_published)
                                   : player_came(player, "the topic or the message is refused");
}
