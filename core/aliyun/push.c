#include "core/aliyun/push.h"

#include "core/aliyun/json.h"
#include "core/bytes/control_bytes.h"
#include "core/bytes/utf8.h"

/* The values go into URCs, where a control byte could forge a line. The platform sends no tab. */
static bool is_usable(const struct json_member *member)
{
    struct span value = out_written(&member->value);
    bool has_tab = span_find(value, '\t') < value.count;
    return member->found && value.count > 0 && !has_control(value) && !has_tab &&
           utf8_is_valid(value);
}

static bool read_secret(struct span payload, struct aliyun_answer *answer)
{
    struct json_member secret = {
        "deviceSecret", out_on(answer->device_secret, sizeof answer->device_secret), false};
    if (!json_read_strings(payload, &secret, 1) || !is_usable(&secret))
        return false;
    answer->device_secret_bytes = secret.value.count;
    return true;
}

static bool read_token(struct span payload, struct aliyun_answer *answer)
{
    struct json_member members[] = {
        {"clientId", out_on(answer->client_id, sizeof answer->client_id), false},
        {"deviceToken", out_on(answer->device_token, sizeof answer->device_token), false},
    };
    if (!json_read_strings(payload, members, 2) || !is_usable(&members[0]) ||
        !is_usable(&members[1]))
        return false;
    answer->client_id_bytes = members[0].value.count;
    answer->device_token_bytes = members[1].value.count;
    return true;
}

static bool is_answer_topic(struct span topic)
{
    return span_equal(topic, span_text("/ext/register")) ||
           span_equal(topic, span_text("/ext/regnwl"));
}

bool aliyun_read_push(enum aliyun_mode mode, struct span topic, struct span payload,
                      struct aliyun_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    if (!is_answer_topic(topic) || payload.count > IMQTT_ALIYUN_PUSH_BYTES)
        return false;
    return mode == ALIYUN_PRE_REGISTERED ? read_secret(payload, answer)
                                         : read_token(payload, answer);
}
