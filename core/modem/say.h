/* say.h: information lines and URCs for a host, as a dialect writes them, and news for the modem's
 * owner. */
#ifndef CORE_MODEM_SAY_H
#define CORE_MODEM_SAY_H

#include "core/modem/parts.h"
#include "core/session/session_news.h"

/* An information line; end it with modem_end_line(). */
struct out modem_begin_line(struct imqtt_modem *modem);
/* IMQTT_DONE, or IMQTT_UNKNOWN_ERROR if there was no memory for the line. */
enum imqtt_status modem_end_line(struct imqtt_modem *modem, struct out *line);

/* The text of a URC. */
struct out modem_begin_urc(struct imqtt_modem *modem);
/* false, and nothing was queued, if there was no memory for it. */
bool modem_end_urc(struct imqtt_modem *modem, struct out *urc);
/* A whole one. */
bool modem_say(struct imqtt_modem *modem, const char *text);

static inline bool modem_has_listener(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_NEWS && modem->ports.news.tell != NULL;
}

static inline bool modem_wants_news(const struct imqtt_modem *modem, enum imqtt_news_kind kind)
{
    return IMQTT_WITH_NEWS && session_news_is_wanted(&modem->ports.news, kind);
}

/* Only if there is a listener; those that nobody wants it does not pass on. Whose news it is is filled
 * in: the client's that is turned to. */
void modem_tell(const struct imqtt_modem *modem, struct imqtt_news *news);
/* News that have no more than a kind; a warning. Harmless without a listener. */
void modem_tell_kind(const struct imqtt_modem *modem, enum imqtt_news_kind kind);
void modem_warn(const struct imqtt_modem *modem, const char *text, uint32_t number);

#endif
