#include "core/aliyun/registration.h"

void aliyun_registration_begin(struct aliyun_registration *registration, enum aliyun_mode mode,
                               bool stored)
{
    memset(registration, 0, sizeof *registration);
    registration->state = ALIYUN_CONNECTING;
    registration->mode = mode;
    registration->stored = stored;
}

void aliyun_registration_connected(struct aliyun_registration *registration, uint64_t now_ms)
{
    if (registration->state != ALIYUN_CONNECTING)
        return;
    registration->state = ALIYUN_WAITING;
    registration->deadline_ms = now_ms + IMQTT_REGISTER_TIMEOUT_MS;
}

static enum aliyun_step leave(struct aliyun_registration *registration)
{
    registration->state = ALIYUN_LEAVING;
    return ALIYUN_LEAVE;
}

static enum aliyun_step report(struct aliyun_registration *registration)
{
    registration->state = ALIYUN_IDLE;
    return ALIYUN_REPORT;
}

static void fail(struct aliyun_registration *registration, int32_t code, const char *text)
{
    registration->failure = (struct imqtt_failure){IMQTT_STAGE_REGISTER, code, text};
}

enum aliyun_step aliyun_registration_message(struct aliyun_registration *registration,
                                             struct span topic, struct span payload)
{
    if (registration->state != ALIYUN_WAITING ||
        !aliyun_read_push(registration->mode, topic, payload, &registration->answer))
        return ALIYUN_STAY;
    if (registration->stored) {
        registration->state = ALIYUN_SAVING;
        return ALIYUN_SAVE;
    }
    registration->succeeded = true;
    return leave(registration);
}

enum aliyun_step aliyun_registration_saved(struct aliyun_registration *registration, bool safe)
{
    if (registration->state != ALIYUN_SAVING)
        return ALIYUN_STAY;
    registration->succeeded = safe;
    if (!safe)
        fail(registration, 0, "the result could not be stored");
    return registration->link_lost ? report(registration) : leave(registration);
}

/* What a CONNACK code means here: the platform has its own reading of them. */
static const char *refusal_text(int32_t code)
{
    static const char *const texts[] = {
        NULL,
        NULL,
        "refused: a field is missing, or not over TLS",
        "refused: the service is unavailable",
        "refused: the signature is wrong",
        "refused: not allowed, or already activated",
    };
    return code >= 0 && (size_t)code < sizeof texts / sizeof texts[0] ? texts[code] : NULL;
}

static void fail_as_link(struct aliyun_registration *registration,
                         const struct imqtt_failure *failure)
{
    const char *refusal =
        failure->stage == IMQTT_STAGE_CONNACK ? refusal_text(failure->code) : NULL;
    fail(registration, failure->code, refusal != NULL ? refusal : failure->text);
}

enum aliyun_step aliyun_registration_disconnected(struct aliyun_registration *registration,
                                                  const struct imqtt_failure *failure)
{
    switch (registration->state) {
    case ALIYUN_CONNECTING:
    case ALIYUN_WAITING:
        fail_as_link(registration, failure);
        return report(registration);
    case ALIYUN_SAVING:
        registration->link_lost = true;
        return ALIYUN_STAY;
    case ALIYUN_LEAVING:
        return report(registration);
    case ALIYUN_IDLE:
        break;
    }
    return ALIYUN_STAY;
}

static bool awaits_answer(const struct aliyun_registration *registration)
{
    return registration->state == ALIYUN_CONNECTING || registration->state == ALIYUN_WAITING;
}

enum aliyun_step aliyun_registration_give_up(struct aliyun_registration *registration)
{
    return awaits_answer(registration) ? leave(registration) : ALIYUN_STAY;
}

enum aliyun_step aliyun_registration_tick(struct aliyun_registration *registration, uint64_t now_ms)
{
    if (now_ms < aliyun_registration_next_deadline(registration))
        return ALIYUN_STAY;
    fail(registration, 0, "connected, but no answer came");
    return leave(registration);
}

uint64_t aliyun_registration_next_deadline(const struct aliyun_registration *registration)
{
    return registration->state == ALIYUN_WAITING ? registration->deadline_ms : UINT64_MAX;
}
