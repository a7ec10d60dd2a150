#include "tests/transcripts/needs.h"
#include "imqtt/limits.h"

static const struct need {
    const char *name;
    bool met;
} needs_there_are[] = {
    {"radio", IMQTT_WITH_RADIO},
    {"identity", IMQTT_WITH_IDENTITY},
    {"clock", IMQTT_WITH_CLOCK},
    {"serial", IMQTT_WITH_SERIAL},
    {"profile", IMQTT_WITH_PROFILE},
    {"reconnect", IMQTT_WITH_RECONNECT},
    {"aliyun", IMQTT_WITH_ALIYUN},
    {"kept session", IMQTT_WITH_KEPT_SESSION},
    {"details", IMQTT_WITH_DETAILS},
    {"news", IMQTT_WITH_NEWS},
    {"dialects", IMQTT_WITH_DIALECTS},
    {"limits", IMQTT_LINE_BYTES == 4096}, /* those of the daemon */
    {"mqtt only", !IMQTT_WITH_RADIO && !IMQTT_WITH_PROFILE && !IMQTT_WITH_ALIYUN},
};
#define NEEDS (sizeof needs_there_are / sizeof needs_there_are[0])

/* NULL: there is none of that name. */
static const struct need *find(struct span name)
{
    for (size_t i = 0; i < NEEDS; i++)
        if (span_equal(name, span_text(needs_there_are[i].name)))
            return &needs_there_are[i];
    return NULL;
}

static const struct need *take(struct span *needs)
{
    struct span name;
    span_take(needs, span_find(*needs, ','), &name);
    span_skip(needs, 1);
    return find(span_trim(name));
}

bool needs_are_known(struct span needs)
{
    while (needs.count > 0)
        if (take(&needs) == NULL)
            return false;
    return true;
}

bool needs_are_met(struct span needs)
{
    while (needs.count > 0)
        if (!take(&needs)->met)
            return false;
    return true;
}
