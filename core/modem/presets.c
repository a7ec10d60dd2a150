#include "core/modem/presets.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"
#include "core/settings/factory.h"

static enum imqtt_status run(struct imqtt_modem *modem, struct line *line)
{
    struct at_run run = {.settings_only = true};
    enum imqtt_status status = IMQTT_DONE;
    size_t count;
    uint8_t *body = line_body(line, &count);
    at_run_begin(&run, body, count, line_has_control(line));
    while (status == IMQTT_DONE && at_run_has_more(&run))
        status = at_run_command(&modem->dialect->commands, modem, &run);
    return status;
}

/* Through a line of its own: the host's may be the one that asked for the factory values. */
static enum imqtt_status type(struct imqtt_modem *modem, const char *preset)
{
    struct span text = span_text(preset), end = span_text("\r");
    struct line line;
    line_init(&line, &modem->ports.memory);
    line.lease = lease_from(&modem->ports.memory, IMQTT_MEMORY_PRESET);
    enum imqtt_status status;
    line_feed(&line, &text, NULL);
    enum line_event event = line_feed(&line, &end, NULL);
    if (event == LINE_READY)
        status = run(modem, &line);
    else if (event == LINE_MORE)
        status = IMQTT_NOT_SUPPORTED; /* it does not begin with AT */
    else
        status = event == LINE_TOO_LONG ? IMQTT_TEXT_TOO_LONG : IMQTT_UNKNOWN_ERROR;
    line_end(&line);
    return status;
}

static void tell_refused(const struct imqtt_modem *modem, size_t index, enum imqtt_status status)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_WARNING,
                              .text = "a preset is refused, number",
                              .number = (uint32_t)index + 1,
                              .result = status};
    modem_tell(modem, &news);
}

/* What has an answer asks something, and is none. The answer is taken back. */
static enum imqtt_status type_unheard(struct imqtt_modem *modem, const char *preset)
{
    size_t for_host_bytes = modem->output.count;
    enum imqtt_status status = type(modem, preset);
    if (status == IMQTT_DONE && modem->output.count > for_host_bytes)
        status = IMQTT_NOT_ALLOWED;
    modem->output.count = for_host_bytes;
    return status;
}

void presets_type(struct imqtt_modem *modem)
{
    if (!IMQTT_WITH_PROFILE || modem->options.preset_count == 0)
        return;
    for (size_t i = 0; i < modem->options.preset_count; i++) {
        enum imqtt_status status = type_unheard(modem, modem->options.presets[i]);
        if (status != IMQTT_DONE && modem_has_listener(modem))
            tell_refused(modem, i, status);
    }
    if (IMQTT_WITH_SERIAL)
        line_settings_end_line(&modem->line_settings, fifo_position(&modem->output));
}

void presets_reset(struct imqtt_modem *modem)
{
    settings_reset(&modem->settings);
#if IMQTT_WITH_DIALECTS
    client_settings_clear(&modem->clients);
#endif
    presets_type(modem);
}
