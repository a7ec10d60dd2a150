#include <stdio.h>
#include <string.h>

#include "host/modem/modem_parts.h"
#include "imqtt/limits.h"

#define VIA_BYTES (ENDPOINT_TEXT_BYTES + sizeof " (connect-to )")

/* Where the broker's name really leads, if a connect-to says so; else empty. */
static const char *via(const struct host_modem *modem, const struct imqtt_news *news,
                       char text[VIA_BYTES])
{
    char shown[ENDPOINT_TEXT_BYTES];
    struct endpoint named = {.port = news->port}, real;
    text[0] = '\0';
    if (modem->config->redirects == NULL || news->host == NULL)
        return text;
    (void)snprintf(named.host, sizeof named.host, "%s", news->host);
    real = named;
    redirects_apply(modem->config->redirects, &real);
    if (real.port != named.port || strcmp(real.host, named.host) != 0)
        (void)snprintf(text, VIA_BYTES, " (connect-to %s)", endpoint_text(&real, shown));
    return text;
}

/* What failed is told with the same words each time, so that the log can count it. */
static void log_failure(const struct host_modem *modem, const char *what,
                        const struct imqtt_news *news)
{
    const struct imqtt_failure *why = &news->failure;
    const char *host = news->host != NULL ? news->host : "";
    bool is_ipv6 = strchr(host, ':') != NULL;
    char leads_to[VIA_BYTES];
    observer_log(modem->host->observer, LEVEL_WARNING, modem->name, "%s %s%s%s:%u%s: %s %d, %.*s",
                 what, is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", (unsigned)news->port,
                 via(modem, news, leads_to), imqtt_stage_word(why->stage), (int)why->code,
                 IMQTT_FAILURE_TEXT_BYTES, why->text);
}

static void log_good(const struct host_modem *modem, const char *what,
                     const struct imqtt_news *news)
{
    observer_log(modem->host->observer, LEVEL_INFO, modem->name, "%s %s port %u%s", what,
                 news->host, (unsigned)news->port, news->tls ? " with TLS" : "");
}

/* With the terminal, which for a socket says who called: the modem's name does not. */
static void log_connected(const struct host_modem *modem, const struct imqtt_news *news)
{
    bool is_told = strcmp(modem->label, modem->name) == 0;
    observer_log(modem->host->observer, LEVEL_INFO, modem->name, "connected to %s port %u%s%s%s",
                 news->host, (unsigned)news->port, news->tls ? " with TLS" : "",
                 is_told ? "" : ", host: ", is_told ? "" : modem->label);
}

static void log_either(const struct host_modem *modem, const char *good, const char *bad,
                       const struct imqtt_news *news)
{
    if (news->failure.stage != IMQTT_STAGE_NONE)
        log_failure(modem, bad, news);
    else if (good != NULL)
        log_good(modem, good, news);
}

/* What its owner may want to read. Commands, messages and requests that were done are for others to
 * count. */
static void log_news(const struct host_modem *modem, const struct imqtt_news *news)
{
    switch (news->kind) {
    case IMQTT_NEWS_CONNECTED:
        log_connected(modem, news);
        break;
    case IMQTT_NEWS_DISCONNECTED:
        log_good(modem, "disconnected from", news);
        break;
    case IMQTT_NEWS_REFUSED:
        log_failure(modem, "no connection to", news);
        break;
    case IMQTT_NEWS_LOST:
        log_failure(modem, "lost the connection to", news);
        break;
    case IMQTT_NEWS_REGISTERED:
        log_either(modem, "registered with", "registration failed with", news);
        break;
    case IMQTT_NEWS_PUBLISHED:
        log_either(modem, NULL, "publish failed with", news);
        break;
    case IMQTT_NEWS_SUBSCRIBED:
        log_either(modem, NULL, "subscribe failed with", news);
        break;
    case IMQTT_NEWS_UNSUBSCRIBED:
        log_either(modem, NULL, "unsubscribe failed with", news);
        break;
    case IMQTT_NEWS_DROPPED:
    case IMQTT_NEWS_WARNING:
    case IMQTT_NEWS_RECORD_UNREADABLE:
        observer_log(modem->host->observer, LEVEL_WARNING, modem->name, "%s %u", news->text,
                     (unsigned)news->number);
        break;
    default:
        break;
    }
}

static void tell(void *context, const struct imqtt_news *news)
{
    struct host_modem *modem = context;
    const struct observer *observer = modem->host->observer;
    log_news(modem, news);
    if (news->kind == IMQTT_NEWS_RECORD_UNREADABLE)
        modem_store_keep_aside(modem->stores[news->client], (enum imqtt_record)news->number);
    if (observer->news != NULL)
        observer->news(observer->context, modem, news);
}

void host_modem_want_news(struct host_modem *modem, enum news_listener who, uint32_t kinds)
{
    modem->news_wanted[who] = kinds;
    modem->news_kinds = 0;
    for (size_t i = 0; i < NEWS_LISTENERS; i++)
        modem->news_kinds |= modem->news_wanted[i];
}

/* Failures, which are always told, are all that the log has of traffic. */
struct imqtt_news_port host_modem_news_port(struct host_modem *modem)
{
    host_modem_want_news(modem, NEWS_FOR_LOG, ~IMQTT_NEWS_OF_TRAFFIC);
    return (struct imqtt_news_port){modem, tell, &modem->news_kinds};
}
