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
        .news = {&bench, take_news, NULL},
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
    static const struct {
        enum imqtt_status status;
        const char *word;
    } errors[] = {
#define ROW(name, number, text) {name, text},
        IMQTT_DIALECT_ERRORS(ROW) IMQTT_ERRORS(ROW)
#undef ROW
    };
    size_t i = 0;
    while (i + 1 < sizeof errors / sizeof *errors && errors[i].status != status)
        i++;
    return errors[i].word;
}

static bool is_preset(const struct modem_plan *plan, const struct plan_value *value)
{
    for (size_t i = 0; i < plan->preset_count; i++)
        if (plan->presets[i] == value->text)
            return true;
    return false;
}

static void check(const struct modem_plan *plan, const struct plan_value *value,
                  struct config_faults *faults)
{
    enum imqtt_status status = try(plan, value->text);
    const char *shown = config_shown(value->text, value->is_secret);
    if (status == IMQTT_NOT_ALLOWED)
        config_fault(faults, value->place, "preset %s: a preset may only set something", shown);
    else if (status != IMQTT_DONE)
        config_fault(faults, value->place, "preset %s: the modem refuses it: %s", shown,
                     word_of(status));
}

void preset_check(const struct modem_plan *plan, struct config_faults *faults)
{
    for (size_t i = 0; i < plan->value_count; i++)
        if (is_preset(plan, &plan->values[i]))
            check(plan, &plan->values[i], faults);
}
