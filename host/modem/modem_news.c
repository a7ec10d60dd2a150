#include "host/modem/modem_parts.h"

static void log_end(const struct host_modem *modem, const struct imqtt_news *news)
{
    const struct imqtt_failure *why = &news->failure;
    observer_log(modem->host->observer, LEVEL_INFO, modem->label, "connection to %s %s: %s %d, %s",
                 news->host, imqtt_news_word(news->kind), imqtt_stage_word(why->stage),
                 (int)why->code, why->text);
}

static void log_registration(const struct host_modem *modem, const struct imqtt_news *news)
{
    const struct observer *observer = modem->host->observer;
    const struct imqtt_failure *why = &news->failure;
    if (why->stage == IMQTT_STAGE_NONE)
        observer_log(observer, LEVEL_INFO, modem->label, "registered");
    else
        observer_log(observer, LEVEL_INFO, modem->label, "registration failed: %s %d, %s",
                     imqtt_stage_word(why->stage), (int)why->code, why->text);
}

/* What its owner may want to read. Commands, requests and messages are for others to count. */
static void log_news(const struct host_modem *modem, const struct imqtt_news *news)
{
    const struct observer *observer = modem->host->observer;
    switch (news->kind) {
    case IMQTT_NEWS_CONNECTED:
        observer_log(observer, LEVEL_INFO, modem->label, "connected to %s port %u", news->host,
                     (unsigned)news->port);
        break;
    case IMQTT_NEWS_DISCONNECTED:
        observer_log(observer, LEVEL_INFO, modem->label, "disconnected from %s", news->host);
        break;
    case IMQTT_NEWS_REFUSED:
    case IMQTT_NEWS_LOST:
        log_end(modem, news);
        break;
    case IMQTT_NEWS_REGISTERED:
        log_registration(modem, news);
        break;
    case IMQTT_NEWS_DROPPED:
    case IMQTT_NEWS_WARNING:
    case IMQTT_NEWS_RECORD_UNREADABLE:
        observer_log(observer, LEVEL_WARNING, modem->label, "%s %u", news->text,
                     (unsigned)news->number);
        break;
    default:
        break;
    }
}

static void count(struct modem_counters *counters, const struct imqtt_news *news)
{
    if (news->kind == IMQTT_NEWS_CONNECTED) {
        counters->connections++;
    } else if (news->kind == IMQTT_NEWS_RECEIVED) {
        counters->messages_in++;
        counters->payload_bytes_in += news->bytes;
    } else if (news->kind == IMQTT_NEWS_PUBLISHED && news->failure.stage == IMQTT_STAGE_NONE) {
        counters->messages_out++;
        counters->payload_bytes_out += news->bytes;
    }
}

static void tell(void *context, const struct imqtt_news *news)
{
    struct host_modem *modem = context;
    const struct observer *observer = modem->host->observer;
    count(&modem->counters, news);
    log_news(modem, news);
    if (news->kind == IMQTT_NEWS_RECORD_UNREADABLE)
        drawer_keep_aside(modem->drawer, (enum imqtt_record)news->number);
    if (observer->news != NULL)
        observer->news(observer->context, modem, news);
}

struct imqtt_news_port host_modem_news_port(struct host_modem *modem)
{
    return (struct imqtt_news_port){modem, tell};
}
