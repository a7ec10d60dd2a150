#include "imqttd/metrics/metrics.h"

#include <stdlib.h>

#include "host/modem/host_parts.h"
#include "imqtt/clients.h"
#include "imqttd/fleet/watch.h"
#include "imqttd/metrics/metrics_store.h"
#include "imqttd/need.h"

#define MEASURE_MS 1000

static void measure(void *owner)
{
    struct metrics *metrics = owner;
    uint64_t now_us = uv_hrtime() / 1000, due_us = metrics->set_us + MEASURE_MS * 1000;
    uint64_t late_us = now_us > due_us ? now_us - due_us : 0;
    metrics->delays[metric_bucket((late_us + 999) / 1000)]++;
    metrics->delay_us += late_us;
    metrics->set_us = now_us;
    alarm_set(metrics->alarm, MEASURE_MS);
}

struct metrics *metrics_new(struct host *host, bool is_on)
{
    struct metrics *metrics = need_new(sizeof *metrics);
    metrics->host = host;
    metrics->is_on = is_on;
    if (!is_on)
        return metrics;
    metrics->alarm = alarm_new(&host->loop, measure, metrics);
    metrics->set_us = uv_hrtime() / 1000;
    if (metrics->alarm != NULL)
        alarm_set(metrics->alarm, MEASURE_MS);
    return metrics;
}

bool metrics_is_on(const struct metrics *metrics)
{
    return metrics->is_on;
}

void metrics_end(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    alarm_end(metrics->alarm);
    free(metrics);
}

bool metrics_began(struct metrics *metrics, struct watch *watch)
{
    watch->metrics = metrics->is_on ? calloc(1, sizeof *watch->metrics) : NULL;
    return !metrics->is_on || watch->metrics != NULL;
}

static bool is_counter(const struct metric_row *row)
{
    return *row->type != 'g';
}

void metrics_ended(struct metrics *metrics, struct watch *watch)
{
    if (watch->metrics == NULL)
        return;
    for (size_t i = 0; i < metric_row_count; i++)
        for (size_t k = 0; is_counter(&metric_rows[i]) && k < metric_rows[i].series; k++)
            metrics->gone.values[metric_rows[i].slot + k] +=
                watch->metrics->values[metric_rows[i].slot + k];
    metrics->gone.values[SLOT_ACKNOWLEDGEMENT_MS] +=
        watch->metrics->values[SLOT_ACKNOWLEDGEMENT_MS];
    free(watch->metrics);
    watch->metrics = NULL;
}

void metrics_refresh(const struct watch *watch)
{
    uint64_t *values = watch->metrics->values;
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    values[SLOT_CONNECTED] = core != NULL && imqtt_modem_is_connected(core);
    struct imqtt_counts counts = {0};
    if (core != NULL)
        counts = imqtt_modem_counts(core);
    for (uint8_t client = 1; core != NULL && client < imqtt_modem_clients(core); client++)
        counts.inbox_messages += imqtt_modem_client_counts(core, client).inbox_messages;
    values[SLOT_FAULTS] = host_modem_faults(watch->modem)->count;
    values[SLOT_URCS_WAITING] = counts.urcs_waiting_bytes;
    values[SLOT_INBOX] = counts.inbox_messages;
}

/* ---- news ----------------------------------------------------------------------------------- */

static void count_published(uint64_t *values, const struct imqtt_news *news)
{
    bool is_failed = news->failure.stage != IMQTT_STAGE_NONE;
    values[SLOT_REQUESTS + is_failed]++;
    if (is_failed)
        return;
    values[SLOT_MESSAGES + 3 + (news->qos < 3 ? news->qos : 2)]++;
    values[SLOT_MESSAGE_BYTES + 1] += news->bytes;
    if (news->qos == 0)
        return;
    values[SLOT_ACKNOWLEDGEMENT + metric_bucket(news->took_ms)]++;
    values[SLOT_ACKNOWLEDGEMENT_MS] += news->took_ms;
}

static void count_received(uint64_t *values, const struct imqtt_news *news)
{
    values[SLOT_MESSAGES + (news->qos < 3 ? news->qos : 2)]++;
    values[SLOT_MESSAGE_BYTES] += news->bytes;
}

void metrics_news(struct metrics *metrics, struct watch *watch, const struct imqtt_news *news)
{
    bool is_failed = news->failure.stage != IMQTT_STAGE_NONE;
    (void)metrics;
    if (watch->metrics == NULL)
        return;
    uint64_t *values = watch->metrics->values;
    switch (news->kind) {
    case IMQTT_NEWS_CONNECTED:
    case IMQTT_NEWS_REFUSED:
        values[SLOT_ATTEMPTS + news->failure.stage]++;
        break;
    case IMQTT_NEWS_RECONNECTING:
        values[SLOT_RECONNECTS]++;
        break;
    case IMQTT_NEWS_PUBLISHED:
        count_published(values, news);
        break;
    case IMQTT_NEWS_SUBSCRIBED:
        values[SLOT_REQUESTS + 2 + is_failed]++;
        break;
    case IMQTT_NEWS_UNSUBSCRIBED:
        values[SLOT_REQUESTS + 4 + is_failed]++;
        break;
    case IMQTT_NEWS_REGISTERED:
        values[SLOT_REQUESTS + 6 + is_failed]++;
        break;
    case IMQTT_NEWS_RECEIVED:
        count_received(values, news);
        break;
    case IMQTT_NEWS_DROPPED:
        values[SLOT_DROPPED + metric_drop_reason(news->text)]++;
        break;
    case IMQTT_NEWS_COMMAND:
        values[SLOT_COMMANDS + (news->result != IMQTT_DONE)]++;
        break;
    default:
        break;
    }
}
