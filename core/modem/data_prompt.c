#include "core/modem/data_prompt.h"

#if IMQTT_WITH_DIALECTS

enum imqtt_status modem_prompt(struct imqtt_modem *modem, const char *prompt,
                               const struct typed_wish *wish)
{
    fifo_put(&modem->output, span_text(prompt));
    struct typed_wish as_set = *wish;
    as_set.is_echoed = wish->is_echoed && modem->settings.answers.echo;
    typed_begin(&modem->typed, &as_set, modem->now_ms);
    return IMQTT_PENDING;
}

static enum imqtt_status status_of(enum typed_result result)
{
    switch (result) {
    case TYPED_WHOLE:
        return IMQTT_LATER;
    case TYPED_GIVEN_UP:
        return IMQTT_DONE;
    case TYPED_TOO_LONG:
        return IMQTT_TEXT_TOO_LONG;
    case TYPED_TIMED_OUT:
        return IMQTT_NETWORK_TIMEOUT;
    case TYPED_MORE:
        break;
    }
    return IMQTT_PENDING;
}

enum imqtt_status prompt_take(struct imqtt_modem *modem, struct span *in)
{
    return status_of(typed_take(&modem->typed, in, &modem->output, modem->now_ms));
}

enum imqtt_status prompt_tick(struct imqtt_modem *modem)
{
    return status_of(typed_tick(&modem->typed, modem->now_ms));
}

#endif
