#include "core/modem/say.h"
#include "core/modem/modem_clients.h"

struct out modem_begin_line(struct imqtt_modem *modem)
{
    struct at_format format = modem_format(modem);
    return result_begin_line(&format, &modem->output);
}

enum imqtt_status modem_end_line(struct imqtt_modem *modem, struct out *line)
{
    return result_end_line(&modem->output, line) ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

struct out modem_begin_urc(struct imqtt_modem *modem)
{
    return urc_begin(&modem->urcs);
}

static void tell_urc(const struct imqtt_modem *modem, size_t bytes)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_URC, .bytes = (uint32_t)bytes};
    modem_tell(modem, &news);
}

bool modem_end_urc(struct imqtt_modem *modem, struct out *urc)
{
    bool is_queued = urc_end(&modem->urcs, urc);
    if (is_queued && modem_wants_news(modem, IMQTT_NEWS_URC))
        tell_urc(modem, urc->count);
    return is_queued;
}

bool modem_say(struct imqtt_modem *modem, const char *text)
{
    struct out urc = modem_begin_urc(modem);
    out_text(&urc, text);
    return modem_end_urc(modem, &urc);
}

void modem_tell(const struct imqtt_modem *modem, struct imqtt_news *news)
{
    news->client = modem_client(modem);
    session_news_pass(&modem->ports.news, news);
}

void modem_tell_kind(const struct imqtt_modem *modem, enum imqtt_news_kind kind)
{
    struct imqtt_news news = {.kind = kind};
    if (modem_has_listener(modem))
        modem_tell(modem, &news);
}

void modem_warn(const struct imqtt_modem *modem, const char *text, uint32_t number)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_WARNING, .text = text, .number = number};
    if (modem_has_listener(modem))
        modem_tell(modem, &news);
}
