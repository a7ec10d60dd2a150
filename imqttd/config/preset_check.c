#include "imqttd/config/preset_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/config/config_values.h"
#include "imqttd/need.h"

#define ANSWER_BYTES 512

struct bench {
    struct imqtt_modem *modem;
    char answer[ANSWER_BYTES + 1];
    size_t answered;
    bool went_out; /* it wanted the network */
};

static size_t take_answer(void *context, const uint8_t *bytes, size_t count)
{
    struct bench *bench = context;
    size_t room = ANSWER_BYTES - bench->answered;
    size_t kept = count < room ? count : room;
    memcpy(bench->answer + bench->answered, bytes, kept);
    bench->answered += kept;
    return count;
}

static void refuse_network(void *context, const char *host, uint16_t port, bool tls)
{
    struct bench *bench = context;
    (void)host, (void)port, (void)tls;
    bench->went_out = true;
}

static size_t take_packets(void *context, const uint8_t *bytes, size_t count)
{
    (void)context, (void)bytes;
    return count;
}

static void close_network(void *context)
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

static bool begin(struct bench *bench, const struct modem_plan *plan)
{
    struct imqtt_ports ports = {
        .terminal = {bench, take_answer, NULL},
        .network = {bench, refuse_network, take_packets, close_network},
        .memory = {NULL, resize},
    };
    struct imqtt_options options = {.identity = plan->identity};
    bench->modem = imqtt_modem_init(need_new(imqtt_modem_bytes()), &ports, &options, 0);
    return bench->modem != NULL;
}

/* The answer to a line, with numbers for errors. */
static const char *type(struct bench *bench, const char *line)
{
    size_t count = strlen(line), used = 0;
    bench->answered = 0;
    while (used < count) {
        size_t more =
            imqtt_modem_terminal_input(bench->modem, (const uint8_t *)line + used, count - used, 0);
        imqtt_modem_flush(bench->modem, 0);
        if (more == 0)
            break;
        used += more;
    }
    imqtt_modem_terminal_input(bench->modem, (const uint8_t *)"\r", 1, 0);
    imqtt_modem_flush(bench->modem, 0);
    bench->answer[bench->answered] = '\0';
    return bench->answer;
}

/* What the answer says beyond OK: why the line is not taken as a preset. NULL: nothing. */
static const char *problem(const struct bench *bench)
{
    const char *error = strstr(bench->answer, "+CME ERROR: ");
    static char text[96];
    if (bench->went_out)
        return "a preset may only set something";
    if (strcmp(bench->answer, "\r\nOK\r\n") == 0)
        return NULL;
    if (error != NULL) {
        size_t count = strcspn(error += strlen("+CME ERROR: "), "\r");
        snprintf(text, sizeof text, "the modem refuses it: %.*s", (int)count, error);
        return text;
    }
    if (strstr(bench->answer, "ERROR") != NULL)
        return "the modem refuses it";
    return bench->answered == 0 ? "the modem does not answer" : "a preset may only set something";
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
    struct bench bench = {0};
    if (!begin(&bench, plan))
        return;
    for (size_t i = 0; i < plan->preset_count; i++) {
        const struct plan_value *value = value_of(plan, plan->presets[i]);
        type(&bench, "ATE0");
        type(&bench, "AT+CMEE=2");
        type(&bench, plan->presets[i]);
        const char *why = problem(&bench);
        if (why != NULL)
            config_fault(faults, value->place, "preset %s: %s",
                         config_shown(value->text, value->is_secret), why);
        bench.went_out = false;
    }
    imqtt_modem_end(bench.modem);
    free(bench.modem);
}
