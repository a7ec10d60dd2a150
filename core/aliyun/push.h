/* push.h: the message with which the platform answers a registration (M2.16). */
#ifndef CORE_ALIYUN_PUSH_H
#define CORE_ALIYUN_PUSH_H

#include "core/aliyun/sign.h"

/* What the platform gave. Of the two modes' fields only those of the mode asked for are filled. */
struct aliyun_answer {
    uint8_t device_secret[IMQTT_ALIYUN_FIELD_BYTES]; /* pre-registered */
    uint8_t client_id[IMQTT_ALIYUN_FIELD_BYTES];     /* not pre-registered */
    uint8_t device_token[IMQTT_ALIYUN_TOKEN_BYTES];  /* not pre-registered */
    size_t device_secret_bytes, client_id_bytes, device_token_bytes;
};

static inline struct span aliyun_device_secret(const struct aliyun_answer *answer)
{
    return span_of(answer->device_secret, answer->device_secret_bytes);
}

static inline struct span aliyun_client_id(const struct aliyun_answer *answer)
{
    return span_of(answer->client_id, answer->client_id_bytes);
}

static inline struct span aliyun_device_token(const struct aliyun_answer *answer)
{
    return span_of(answer->device_token, answer->device_token_bytes);
}

/* Whether an inbound message is the answer that `mode` waits for; *answer is then filled. It comes
 * on /ext/register or /ext/regnwl, whatever the mode, and is known by its keys. False for all else:
 * another topic, over IMQTT_ALIYUN_PUSH_BYTES, no JSON object, a key missing, its value no string,
 * empty, too long, not UTF-8 or with a control byte: to be ignored, *answer has no meaning. */
bool aliyun_read_push(enum aliyun_mode mode, struct span topic, struct span payload,
                      struct aliyun_answer *answer);

#endif
