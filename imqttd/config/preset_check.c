#include "imqttd/config/preset_check.h"

#include <stdlib.h>

#include "imqttd/config/config_values.h"
#include "imqttd/need.h"
#include "imqtt/news.h"

/* A modem with one preset, and what it says of it. */
struct bench {
    enum imqtt_status result;
};

static size_t take_bytes(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

static void open_nothing(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

static void close_nothing(void *context)
{
    (void)context;
}

static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)context, (void)purpose, (void)old_bytes;
    if (bytes != 0)
        return realloc(block, bytes);
    free(block);
    return NULL;
}

/* Nothing else than a preset can be warned of: nobody types, and there is no broker. */
static void take_news(void *context, const struct imqtt_news *news)
{
    struct bench *bench = context;
    if (news->kind == IMQTT_NEWS_WARNING)
        bench->result = news->result;
}

static enum imqtt_status try(const struct modem_plan *plan, const char *preset)
{
    struct bench bench = {IMQTT_DONE};
    struct imqtt_ports ports = {
        .terminal = {&bench, take_bytes, NULL},
        .network = {&bench, open_nothing, take_bytes, close_nothing},
        .memory = {NULL, resize},
        .news = {&bench, take_news},
    };
    struct imqtt_options options = {.identity = plan->identity,
                                    .dialect = plan->dialect,
                                    .wide_limits = plan->wide_limits,
                                    .presets = &preset,
                                    .preset_count = 1};
    void *memory = need_new(imqtt_modem_bytes());
    imqtt_modem_end(imqtt_modem_init(memory, &ports, &options, 0));
    free(memory);
    return bench.result;
}

static const char *word_of(enum imqtt_status status)
{
    switch (status) {
#define WORD(name, number, text)                                                                   \
    case name:                                                                                     \
        return text;
        IMQTT_ERRORS(WORD)
#undef WORD
    default:
        return "unknown";
    }
}

static const struct plan_value *value_of(const struct modem_plan *plan, const char *text)
{
    for (size_t i = 0; i < plan->value_count; i++)
        if (plan->values[i].text == text)
            return &plan->values[i];
    return NULL;
}

void preset_check(const struct modem_plan *plan, struct config_faults *faults)
{
    for (size_t i = 0; i < plan->preset_count; i++) {
        enum imqtt_status status = try(plan, plan->presets[i]);
        const struct plan_value *value = value_of(plan, plan->presets[i]);
        if (status == IMQTT_NOT_ALLOWED)
            config_fault(faults, value->place, "preset %s: a preset may only set something",
                         config_shown(value->text, value->is_secret));
        else if (status != IMQTT_DONE)
            config_fault(faults, value->place, "preset %s: the modem refuses it: %s",
                         config_shown(value->text, value->is_secret), word_of(status));
    }
}
