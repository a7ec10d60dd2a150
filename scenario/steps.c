#include "scenario/steps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/glob.h"

/* ---- what the host types -------------------------------------------------------------------- */

static bool host_typed(struct player *player)
{
    const char *command = player->step->values[EXPECT_COMMAND].text;
    size_t at = traffic_find(&player->traffic, player->host_at, TRAFFIC_HOST, command);
    if (at == player->traffic.count)
        return false;
    player->host_at = at + 1;
    return true;
}

static bool tell_last(struct player *player, size_t from, enum traffic_side side)
{
    const char *last = traffic_last(&player->traffic, from, side);
    if (player->is_broken)
        return false;
    return last != NULL ? player_came(player, "%.400s, as the last line", last)
                        : player_came(player, "no line at all");
}

static bool step_expect_at(struct player *player, const struct step *step)
{
    const struct step_value *values = step->values;
    player_expected(player, "the host types %.300s within %" PRIu64 " ms",
                    values[EXPECT_COMMAND].text, values[EXPECT_WITHIN].number);
    return player_wait(player, values[EXPECT_WITHIN].number, host_typed) ||
           tell_last(player, player->host_at, TRAFFIC_HOST);
}

static bool never(struct player *player)
{
    (void)player;
    return false;
}

/* All of that time passed, and nothing broke. */
static bool pass_time(struct player *player, uint64_t time_ms)
{
    int64_t end = player_now_ms(player) + (int64_t)time_ms;
    player_wait(player, time_ms, never);
    return !player->is_broken && player_now_ms(player) >= end;
}

static bool step_expect_not(struct player *player, const struct step *step)
{
    const struct step_value *values = step->values;
    const char *command = values[EXPECT_COMMAND].text;
    player_expected(player, "the host does not type %.300s for %" PRIu64 " ms", command,
                    values[EXPECT_WITHIN].number);
    if (!player_turn(player, 0))
        return false;
    size_t from = player->traffic.count;
    size_t host_at = player->host_at;
    player->host_at = from;
    bool is_typed = player_wait(player, values[EXPECT_WITHIN].number, host_typed);
    player->host_at = host_at;
    if (is_typed)
        return tell_last(player, from, TRAFFIC_HOST);
    return !player->is_broken && player_now_ms(player) < player->deadline_ms;
}

static bool step_delay(struct player *player, const struct step *step)
{
    uint64_t time_ms = step->values[ONLY_VALUE].number;
    player_expected(player, "%" PRIu64 " ms pass", time_ms);
    return pass_time(player, time_ms) || (!player->is_broken && player_came(player, "too little"));
}

/* ---- what the modem says -------------------------------------------------------------------- */

static bool modem_said(struct player *player)
{
    const char *text = player->step->values[ANSWER_TEXT].text;
    size_t at = traffic_find(&player->traffic, player->answer_at, TRAFFIC_MODEM, text);
    if (at == player->traffic.count)
        return false;
    player->answer_at = at + 1;
    return true;
}

static bool step_expect_answer(struct player *player, const struct step *step)
{
    const struct step_value *values = step->values;
    player_expected(player, "the modem says %.300s within %" PRIu64 " ms", values[ANSWER_TEXT].text,
                    values[ANSWER_WITHIN].number);
    return player_wait(player, values[ANSWER_WITHIN].number, modem_said) ||
           tell_last(player, player->answer_at, TRAFFIC_MODEM);
}

/* ---- what the modem is ---------------------------------------------------------------------- */

/* A value of the modem, as the table has it. */
static bool state_is(const json_t *modem, const struct step_key *key,
                     const struct step_value *value)
{
    const json_t *is = json_object_get(modem, key->name);
    if (key->kind == KEY_FLAG)
        return json_is_true(is) == (value->number == 1);
    if (key->kind == KEY_NUMBER)
        return json_integer_value(is) == (json_int_t)value->number;
    const char *word = json_string_value(is);
    return word != NULL && strcmp(word, key->words[value->number]) == 0;
}

static bool is_in_state(struct player *player)
{
    const struct step_key *keys = step_rows[STEP_WAIT_STATE].keys;
    json_t *modem = NULL;
    bool is_all = player_ask(player, "GET", "", NULL, &modem);
    player->came[0] = '\0';
    for (size_t i = 0; is_all && i < STATE_WITHIN; i++) {
        if (!player->step->values[i].is_given ||
            state_is(modem, &keys[i], &player->step->values[i]))
            continue;
        char *is = json_dumps(json_object_get(modem, keys[i].name), JSON_ENCODE_ANY);
        player_came(player, "%s is %s", keys[i].name, is != NULL ? is : "not told");
        free(is);
        is_all = false;
    }
    json_decref(modem);
    return is_all;
}

static void tell_state(struct player *player, const struct step *step)
{
    const struct step_key *keys = step_rows[STEP_WAIT_STATE].keys;
    size_t at = 0;
    for (size_t i = 0; i < STATE_WITHIN && at < sizeof player->expected; i++) {
        const struct step_value *value = &step->values[i];
        char *to = player->expected + at;
        size_t room = sizeof player->expected - at;
        if (!value->is_given)
            continue;
        if (keys[i].kind == KEY_NUMBER)
            at += (size_t)snprintf(to, room, "%s %" PRIu64 " ", keys[i].name, value->number);
        else
            at += (size_t)snprintf(to, room, "%s %s ", keys[i].name,
                                   keys[i].kind == KEY_WORD ? keys[i].words[value->number]
                                   : value->number == 1     ? "true"
                                                            : "false");
    }
    if (at < sizeof player->expected)
        (void)snprintf(player->expected + at, sizeof player->expected - at, "within %" PRIu64 " ms",
                       step->values[STATE_WITHIN].number);
}

static bool step_wait_state(struct player *player, const struct step *step)
{
    tell_state(player, step);
    return player_wait(player, step->values[STATE_WITHIN].number, is_in_state);
}

/* ---- what comes to the broker --------------------------------------------------------------- */

static bool is_wanted(const struct peer_message *message, const struct step_value *values)
{
    return glob_matches(values[MQTT_TOPIC].text, message->topic, strlen(message->topic), false) &&
           glob_matches(values[MQTT_PAYLOAD].text, message->payload, message->bytes, false) &&
           (!values[MQTT_QOS].is_given || message->qos == (int)values[MQTT_QOS].number) &&
           (!values[MQTT_RETAINED].is_given ||
            message->is_retained == (values[MQTT_RETAINED].number == 1));
}

static bool message_came(struct player *player)
{
    const struct peer_message *message;
    for (size_t i = player->message_at; (message = mqtt_peer_message(player->peer, i)) != NULL; i++)
        if (is_wanted(message, player->step->values)) {
            player->message_at = i + 1;
            return true;
        }
    return false;
}

static bool tell_messages(struct player *player)
{
    const struct peer_message *message = NULL, *next;
    for (size_t i = player->message_at; (next = mqtt_peer_message(player->peer, i)) != NULL; i++)
        message = next;
    if (player->is_broken)
        return false;
    return message == NULL ? player_came(player, "no message")
                           : player_came(player, "%.200s on %.200s, as the last message",
                                         message->payload, message->topic);
}

static bool step_expect_mqtt(struct player *player, const struct step *step)
{
    const struct step_value *values = step->values;
    player_expected(player, "a message %.200s on %.200s within %" PRIu64 " ms",
                    values[MQTT_PAYLOAD].text, values[MQTT_TOPIC].text, values[MQTT_WITHIN].number);
    return player_peer(player) != NULL &&
           (player_wait(player, values[MQTT_WITHIN].number, message_came) || tell_messages(player));
}

bool step_run(struct player *player, const struct step *step)
{
    static step_function *const functions[STEP_KINDS] = {
        [STEP_EXPECT_AT] = step_expect_at,
        [STEP_EXPECT_NOT] = step_expect_not,
        [STEP_EXPECT_ANSWER] = step_expect_answer,
        [STEP_WAIT_STATE] = step_wait_state,
        [STEP_EXPECT_MQTT] = step_expect_mqtt,
        [STEP_PUBLISH] = step_publish,
        [STEP_FAULT] = step_fault,
        [STEP_RADIO] = step_radio,
        [STEP_POWER] = step_power,
        [STEP_LINK] = step_link,
        [STEP_URC] = step_urc,
        [STEP_TYPE] = step_type,
        [STEP_DELAY] = step_delay,
        [STEP_RESET] = step_reset,
    };
    return functions[step->kind](player, step);
}
