#include <stdio.h>
#include <string.h>

#include "imqttd/config/radio_words.h"
#include "imqttd/trace/trace_events.h"

static void put_broker(struct json_text *json, const struct imqtt_news *news)
{
    char text[300];
    if (news->host == NULL)
        return;
    snprintf(text, sizeof text, strchr(news->host, ':') != NULL ? "[%s]:%u" : "%s:%u", news->host,
             (unsigned)news->port);
    json_put_string(json, "broker", text);
    json_put_flag(json, "tls", news->tls);
}

static void put_failure(struct json_text *json, const struct imqtt_failure *failure)
{
    if (failure->stage == IMQTT_STAGE_NONE)
        return;
    json_put_word(json, "stage", imqtt_stage_word(failure->stage));
    json_put_number(json, "code", failure->code);
    if (failure->text != NULL)
        json_put_string(json, "text", failure->text);
}

static bool is_request(enum imqtt_news_kind kind)
{
    return kind == IMQTT_NEWS_SUBSCRIBED || kind == IMQTT_NEWS_UNSUBSCRIBED ||
           kind == IMQTT_NEWS_PUBLISHED;
}

static bool is_message(enum imqtt_news_kind kind)
{
    return kind == IMQTT_NEWS_PUBLISHED || kind == IMQTT_NEWS_RECEIVED ||
           kind == IMQTT_NEWS_DROPPED;
}

static void put_request(struct json_text *json, const struct imqtt_news *news)
{
    if (is_request(news->kind) || is_message(news->kind)) {
        json_put_number(json, "id", news->packet_id);
        json_put_number(json, "qos", news->qos);
    }
    if (is_message(news->kind) || news->kind == IMQTT_NEWS_URC)
        json_put_number(json, "bytes", news->bytes);
    if (is_request(news->kind))
        json_put_number(json, "result", news->failure.stage != IMQTT_STAGE_NONE);
    if (news->kind == IMQTT_NEWS_COMMAND)
        json_put_number(json, "result", news->result);
    if (news->topic != NULL)
        json_put_text(json, news->kind == IMQTT_NEWS_COMMAND ? "command" : "topic", news->topic,
                      news->topic_bytes);
}

void trace_put_news(struct json_text *json, const struct imqtt_news *news)
{
    json_put_word(json, "what", imqtt_news_word(news->kind));
    trace_put_client(json, news->client);
    put_broker(json, news);
    if (news->kind == IMQTT_NEWS_CONNECTED)
        json_put_flag(json, "session_present", news->session_present);
    put_request(json, news);
    put_failure(json, &news->failure);
    if (news->text != NULL && news->failure.stage == IMQTT_STAGE_NONE) {
        json_put_string(json, "text", news->text);
        json_put_number(json, "number", news->number);
    }
    if (news->took_ms > 0 || is_request(news->kind))
        json_put_number(json, "took_ms", news->took_ms);
    if (news->kind == IMQTT_NEWS_RADIO) {
        json_put_number(json, "signal", news->signal);
        json_put_word(json, "registered", radio_registered_word(news->registered));
    }
}
