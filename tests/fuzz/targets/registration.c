/* Registration (core/aliyun): the platform's JSON and the state machine that waits for it. What is
 * believed is what Jansson reads too, fits, is UTF-8 and forges no line; every registration ends in
 * exactly one report. */
#include <jansson.h>

#include "core/aliyun/json.h"
#include "core/aliyun/registration.h"
#include "core/bytes/utf8.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Of which the core promises to read no more. */
#define DEEPEST 15

static size_t depth_of(json_t *value)
{
    const char *key;
    json_t *member;
    size_t deepest = 0, i;
    json_object_foreach(value, key, member)
    {
        size_t depth = depth_of(member);
        deepest = depth > deepest ? depth : deepest;
    }
    json_array_foreach(value, i, member)
    {
        size_t depth = depth_of(member);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + (json_is_object(value) || json_is_array(value));
}

/* What another reader accepts, this one reads alike. (Jansson overlooks a NUL behind "0.", which is
 * no JSON.) */
static void check_as_jansson(struct span text, bool is_read, const struct json_member *member)
{
    json_t *root = json_loadb((const char *)text.bytes, text.count, 0, NULL);
    bool has_nul = span_find(text, '\0') < text.count;
    if (has_nul || !json_is_object(root) || depth_of(root) > DEEPEST) {
        json_decref(root);
        return;
    }
    promise(is_read, "an object that Jansson reads is read");
    json_t *value = json_object_get(root, member->name);
    size_t bytes = json_string_length(value);
    bool fits = json_is_string(value) && bytes <= member->value.capacity;
    promise(member->found == fits, "a string is found when Jansson finds it and it fits");
    if (fits)
        promise(span_equal(out_written(&member->value),
                           span_of((const uint8_t *)json_string_value(value), bytes)),
                "a string has the value that Jansson reads");
    json_decref(root);
}

static void check_json(struct span text)
{
    uint8_t room[IMQTT_ALIYUN_FIELD_BYTES];
    struct json_member member = {"deviceSecret", out_on(room, sizeof room), false};
    if (text.count == 0)
        return;
    bool is_read = json_read_strings(text, &member, 1);
    check_as_jansson(text, is_read, &member);
}

/* ---- the machine ---------------------------------------------------------------------------- */

static void check_value(struct span value, size_t most)
{
    promise(value.count > 0 && value.count <= most, "what is believed is not empty, and fits");
    promise(utf8_is_valid(value), "what is believed is UTF-8");
    for (size_t i = 0; i < value.count; i++)
        promise(value.bytes[i] >= ' ', "what is believed can forge no line");
}

static void check_answer(const struct aliyun_registration *machine)
{
    if (machine->mode == ALIYUN_PRE_REGISTERED) {
        check_value(aliyun_device_secret(&machine->answer), IMQTT_ALIYUN_FIELD_BYTES);
    } else {
        check_value(aliyun_client_id(&machine->answer), IMQTT_ALIYUN_FIELD_BYTES);
        check_value(aliyun_device_token(&machine->answer), IMQTT_ALIYUN_TOKEN_BYTES);
    }
}

static struct span take_topic(struct span *input)
{
    static const char *const topics[] = {"/ext/register", "/ext/regnwl", "/ext/other", ""};
    return span_text(topics[take_choice(input, sizeof topics / sizeof topics[0])]);
}

static enum aliyun_step happen(struct aliyun_registration *machine, struct span *input,
                               uint64_t *now_ms)
{
    struct imqtt_failure failure = {IMQTT_STAGE_CONNACK, 0, "lost"};
    struct span topic;
    switch (take_choice(input, 6)) {
    case 0:
        aliyun_registration_connected(machine, *now_ms);
        return ALIYUN_STAY;
    case 1:
        topic = take_topic(input);
        return aliyun_registration_message(machine, topic, take_long(input));
    case 2:
        return aliyun_registration_saved(machine, take_choice(input, 2) == 1);
    case 3:
        failure.code = take_byte(input);
        return aliyun_registration_disconnected(machine, &failure);
    case 4:
        *now_ms += take_u16(input);
        return aliyun_registration_tick(machine, *now_ms);
    default:
        return aliyun_registration_give_up(machine);
    }
}

/* What the owner is to do next never leaves a registration without an end. */
static void run_machine(struct span input)
{
    struct aliyun_registration machine;
    uint64_t now_ms = 1000;
    unsigned reports = 0;
    enum aliyun_mode mode =
        take_choice(&input, 2) == 0 ? ALIYUN_PRE_REGISTERED : ALIYUN_NOT_PRE_REGISTERED;
    aliyun_registration_begin(&machine, mode, take_choice(&input, 2) == 1);
    while (input.count > 0) {
        enum aliyun_step step = happen(&machine, &input, &now_ms);
        if (step == ALIYUN_SAVE || (step == ALIYUN_REPORT && machine.succeeded))
            check_answer(&machine);
        reports += step == ALIYUN_REPORT;
        promise(reports <= 1, "a registration is reported once");
        promise((reports == 1) == !aliyun_registration_is_under_way(&machine),
                "a registration is under way until it is reported");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct span input = span_of(bytes, count);
    if (take_choice(&input, 2) == 0)
        check_json(input);
    else
        run_machine(input);
    return 0;
}
