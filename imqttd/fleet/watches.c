#include "imqttd/fleet/watches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imqtt/clients.h"
#include "imqttd/daemon.h"
#include "imqttd/log/log.h"
#include "imqttd/metrics/metrics.h"
#include "imqttd/need.h"
#include "imqttd/report/live_report.h"
#include "imqttd/trace/trace.h"

struct watches {
    struct daemon *daemon;
    struct watch **sorted;
    size_t count, room;
    uint32_t counted_kinds; /* of news, beside the rare ones */
    bool is_sorted;
};

/* What nobody can ask for is not counted. */
static uint32_t counted_kinds(const struct daemon *daemon)
{
    const struct program_plan *program = &daemon->config.program;
    if (program->control != NULL || program->has_control_tcp)
        return IMQTT_NEWS_OF_TRAFFIC;
    return daemon->options.strict ? 1U << IMQTT_NEWS_COMMAND : 0;
}

struct watches *watches_new(struct daemon *daemon)
{
    struct watches *watches = need_new(sizeof *watches);
    watches->daemon = daemon;
    watches->counted_kinds = counted_kinds(daemon);
    return watches;
}

void watches_end(struct watches *watches)
{
    if (watches == NULL)
        return;
    free(watches->sorted);
    free(watches);
}

/* ---- finding one ---------------------------------------------------------------------------- */

static int by_name(const void *one, const void *other)
{
    return strcmp(host_modem_name((*(struct watch *const *)one)->modem),
                  host_modem_name((*(struct watch *const *)other)->modem));
}

struct watch **watches_sorted(struct watches *watches, size_t *count)
{
    if (!watches->is_sorted && watches->count > 0)
        qsort(watches->sorted, watches->count, sizeof(struct watch *), by_name);
    watches->is_sorted = true;
    *count = watches->count;
    return watches->sorted;
}

/* The place of the first whose name is not before that one. */
static size_t place_of(struct watches *watches, const char *name)
{
    size_t low = 0, high;
    struct watch **sorted = watches_sorted(watches, &high);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(host_modem_name(sorted[middle]->modem), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct watches *watches, size_t place, const char *name)
{
    return place < watches->count &&
           strcmp(host_modem_name(watches->sorted[place]->modem), name) == 0;
}

struct watch *watch_find_sorted(struct watches *watches, const char *name)
{
    size_t place = place_of(watches, name);
    return is_at(watches, place, name) ? watches->sorted[place] : NULL;
}

size_t watches_behind(struct watches *watches, const char *name)
{
    size_t place = name != NULL ? place_of(watches, name) : 0;
    return name != NULL && is_at(watches, place, name) ? place + 1 : place;
}

struct watch *watch_find(struct watches *watches, const char *name)
{
    struct host_modem *modem = host_modem_find(&watches->daemon->host, name);
    return modem != NULL ? host_modem_kept(modem) : NULL;
}

/* ---- beginning and end ---------------------------------------------------------------------- */

static bool make_room(struct watches *watches)
{
    size_t room = watches->room != 0 ? 2 * watches->room : 16;
    if (watches->count < watches->room)
        return true;
    struct watch **sorted = realloc(watches->sorted, room * sizeof(struct watch *));
    if (sorted == NULL)
        return false;
    watches->sorted = sorted;
    watches->room = room;
    return true;
}

static void add(struct watches *watches, struct watch *watch)
{
    watches->sorted[watches->count++] = watch;
    watches->is_sorted = false;
}

static void fault_told(struct fault_listener *listener, const struct fault *fault,
                       enum fault_event event)
{
    const struct watch *watch =
        (struct watch *)((char *)listener - offsetof(struct watch, fault_listener));
    trace_fault(watch->daemon->trace, watch->modem, fault, event);
}

/* A fault that was good when the configuration was read can only find that there are too many. */
static void begin_faults(struct watch *watch)
{
    struct fault_set *set = host_modem_faults(watch->modem);
    const struct modem_plan *plan = fleet_plan(watch->modem);
    struct fault_problem problem;
    watch->fault_listener.told = fault_told;
    fault_set_listen(set, &watch->fault_listener);
    for (size_t i = 0; i < plan->fault_count; i++)
        if (fault_set_add(set, &plan->faults[i], &problem) == NULL)
            log_format(LEVEL_ERROR, host_modem_name(watch->modem), "fault: %s", problem.text);
}

static struct watch *watch_new(struct daemon *daemon, struct host_modem *modem)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->modem = modem;
    watch->daemon = daemon;
    if (!metrics_began(daemon->metrics, watch) ||
        !trace_began(daemon->trace, modem, &watch->traced)) {
        free(watch->metrics);
        free(watch);
        return NULL;
    }
    return watch;
}

bool watch_began(struct watches *watches, struct host_modem *modem)
{
    if (!make_room(watches))
        return false;
    struct watch *watch = watch_new(watches->daemon, modem);
    if (watch == NULL)
        return false;
    host_modem_set_kept(modem, watch);
    host_modem_want_news(modem, NEWS_FOR_COUNTS, watches->counted_kinds);
    add(watches, watch);
    begin_faults(watch);
    return true;
}

static void remove_one(struct watches *watches, struct watch *watch)
{
    size_t at = 0;
    while (watches->sorted[at] != watch)
        at++;
    watches->sorted[at] = watches->sorted[--watches->count];
    watches->is_sorted = false;
}

static void forget_client(struct watch_client *client)
{
    free(client->broker);
    free(client->client_id);
    free(client->failed_text);
}

void watch_ended(struct watches *watches, struct host_modem *modem)
{
    struct watch *watch = host_modem_kept(modem);
    if (watch == NULL)
        return;
    live_report_end(&watch->report);
    fault_set_ignore(host_modem_faults(modem), &watch->fault_listener);
    metrics_ended(watches->daemon->metrics, watch);
    trace_ended(&watch->traced);
    remove_one(watches, watch);
    forget_client(&watch->first);
    for (size_t i = 0; i < IMQTT_CLIENTS - 1; i++) {
        if (watch->further[i] != NULL)
            forget_client(watch->further[i]);
        free(watch->further[i]);
    }
    free(watch);
    host_modem_set_kept(modem, NULL);
}

/* ---- news ----------------------------------------------------------------------------------- */

static char *broker_text(const struct imqtt_news *news)
{
    char text[300];
    const char *host = news->host != NULL ? news->host : "";
    snprintf(text, sizeof text, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host,
             (unsigned)news->port);
    return need_copy(text);
}

static struct watch_client *client_of(struct watch *watch, uint8_t number)
{
    if (number == 0)
        return &watch->first;
    if (watch->further[number - 1] == NULL)
        watch->further[number - 1] = need_new(sizeof(struct watch_client));
    return watch->further[number - 1];
}

static void take_client_id(void *context, const char *name, const uint8_t *value,
                           size_t value_bytes, bool is_number)
{
    struct watch_client *client = context;
    if (is_number || strcmp(name, "client_id") != 0)
        return;
    free(client->client_id);
    client->client_id = need_new(value_bytes + 1);
    if (value_bytes > 0)
        memcpy(client->client_id, value, value_bytes);
}

/* The settings are those of the connection that was begun last. */
static void connecting(const struct watch *watch, struct watch_client *client)
{
    const struct imqtt_modem *core = host_modem_core(watch->modem);
    if (imqtt_modem_clients(core) > 1)
        imqtt_modem_visit_settings(core, take_client_id, client);
}

static void connected(const struct watch *watch, struct watch_client *client,
                      const struct imqtt_news *news)
{
    free(client->broker);
    client->broker = broker_text(news);
    client->connected_ms = loop_now_ms(&watch->daemon->host.loop);
    client->tls = news->tls;
    client->session_present = news->session_present;
}

static void failed(struct watch_client *client, const struct imqtt_failure *failure)
{
    struct timespec now;
    if (failure->stage == IMQTT_STAGE_NONE)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    free(client->failed_text);
    client->failed_stage = failure->stage;
    client->failed_code = failure->code;
    client->failed_text = need_copy(failure->text != NULL ? failure->text : "");
    client->failed_at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void count_traffic(struct watch_counters *counters, const struct imqtt_news *news)
{
    if (news->kind == IMQTT_NEWS_RECEIVED) {
        counters->messages_in++;
        counters->bytes_in += news->bytes;
    } else if (news->failure.stage == IMQTT_STAGE_NONE) {
        counters->messages_out++;
        counters->bytes_out += news->bytes;
    }
}

static void count(struct watch_counters *counters, const struct imqtt_news *news)
{
    switch (news->kind) {
    case IMQTT_NEWS_RECEIVED:
    case IMQTT_NEWS_PUBLISHED:
        count_traffic(counters, news);
        break;
    case IMQTT_NEWS_CONNECTING:
        counters->attempts++;
        break;
    case IMQTT_NEWS_CONNECTED:
        counters->connections++;
        break;
    case IMQTT_NEWS_REFUSED:
        counters->refused++;
        break;
    case IMQTT_NEWS_LOST:
        counters->lost++;
        break;
    case IMQTT_NEWS_RECONNECTING:
        counters->reconnects++;
        break;
    case IMQTT_NEWS_DROPPED:
        counters->dropped++;
        break;
    case IMQTT_NEWS_COMMAND:
        counters->commands++;
        counters->command_errors += news->result != IMQTT_DONE;
        break;
    case IMQTT_NEWS_URC:
        counters->urcs++;
        break;
    default:
        break;
    }
}

void watch_news(struct watches *watches, struct host_modem *modem, const struct imqtt_news *news)
{
    struct watch *watch = host_modem_kept(modem);
    if (watch == NULL)
        return;
    struct watch_client *client = client_of(watch, news->client);
    count(&watch->counters, news);
    failed(client, &news->failure);
    if (news->kind == IMQTT_NEWS_CONNECTING)
        connecting(watch, client);
    else if (news->kind == IMQTT_NEWS_CONNECTED)
        connected(watch, client, news);
    metrics_news(watches->daemon->metrics, watch, news);
    trace_news(watches->daemon->trace, watch->traced, news);
}
