#include "host/modem/modem.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/modem/crypto.h"
#include "host/modem/kept.h"
#include "host/log.h"
#include "host/store/store.h"
#include "host/modem/uplink.h"

/* Pieces of input used per turn before other modems get theirs. */
#define ROUNDS 8

/* A slow line that is kept full both ways delivers a few bytes at a time, and each would wake the
 * program. While output waits for the terminal, an answer could only queue up behind it: so what
 * comes in is left to gather for so long, unless there is room before. */
#define REST_MS        8
#define REST_MAX_BYTES 2048 /* more in a turn is no slow line */

struct host_modem {
    struct task task; /* first: it is all that settle() gets */
    struct host *host;
    struct host_modem *next;
    struct host_modem **link; /* what points to it in the host's list */
    struct terminal *terminal;
    struct imqtt_modem *core;
    struct uplink uplink;
    struct drawer *drawer; /* NULL: nothing is kept over restarts */
    struct kept typed;
    struct alarm *alarm;
    uint64_t alarm_ms;      /* when it rings */
    size_t typed_bytes;     /* in this turn */
    uint64_t rest_until_ms; /* nothing is read before; 0: it is */
    bool is_off;
    bool is_shutting_down;
};

static uint64_t now_ms(const struct host_modem *modem)
{
    return loop_now_ms(&modem->host->loop);
}

static const char *label_of(const struct host_modem *modem)
{
    return modem->terminal->label;
}

void host_modem_touch(struct host_modem *modem)
{
    loop_soon(&modem->host->loop, &modem->task);
}

/* ---- what comes in -------------------------------------------------------------------------- */

void host_modem_typed(struct host_modem *modem, const uint8_t *bytes, size_t count)
{
    size_t used = 0;
    modem->typed_bytes += count;
    if (kept_count(&modem->typed) == 0)
        used = imqtt_modem_terminal_input(modem->core, bytes, count, now_ms(modem));
    host_modem_touch(modem);
    if (used < count && !kept_add(&modem->typed, bytes + used, count - used))
        host_log(LEVEL_ERROR, label_of(modem), "out of memory: %zu typed bytes are lost",
                 count - used);
}

static void on_loaded(void *owner, enum imqtt_load outcome, const uint8_t *bytes, size_t count)
{
    struct host_modem *modem = owner;
    imqtt_modem_loaded(modem->core, outcome, bytes, count, now_ms(modem));
    host_modem_touch(modem);
}

static void on_saved(void *owner, bool safe)
{
    struct host_modem *modem = owner;
    imqtt_modem_saved(modem->core, safe, now_ms(modem));
    host_modem_touch(modem);
}

static void on_alarm(void *owner)
{
    struct host_modem *modem = owner;
    modem->alarm_ms = IMQTT_NO_DEADLINE;
    imqtt_modem_tick(modem->core, now_ms(modem));
    host_modem_touch(modem);
}

/* ---- the ports ------------------------------------------------------------------------------ */

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    struct host_modem *modem = context;
    return modem->terminal->kind->write(modem->terminal, bytes, count);
}

static void configure_terminal(void *context, uint32_t baud, bool rts_cts)
{
    struct host_modem *modem = context;
    modem->terminal->kind->configure(modem->terminal, baud, rts_cts);
}

/* What its owner may want to read. Commands, requests and messages are for others to count. */
static void log_news(void *context, const struct imqtt_news *news)
{
    const struct host_modem *modem = context;
    const struct imqtt_failure *why = &news->failure;
    switch (news->kind) {
    case IMQTT_NEWS_CONNECTED:
        host_log(LEVEL_INFO, label_of(modem), "connected to %s port %u", news->host, news->port);
        break;
    case IMQTT_NEWS_DISCONNECTED:
        host_log(LEVEL_INFO, label_of(modem), "disconnected from %s", news->host);
        break;
    case IMQTT_NEWS_REFUSED:
    case IMQTT_NEWS_LOST:
        host_log(LEVEL_INFO, label_of(modem), "connection to %s %s: %s %d, %s", news->host,
                 imqtt_news_word(news->kind), imqtt_stage_word(why->stage), (int)why->code,
                 why->text);
        break;
    case IMQTT_NEWS_REGISTERED:
        if (why->stage == IMQTT_STAGE_NONE)
            host_log(LEVEL_INFO, label_of(modem), "registered");
        else
            host_log(LEVEL_INFO, label_of(modem), "registration failed: %s %d, %s",
                     imqtt_stage_word(why->stage), (int)why->code, why->text);
        break;
    case IMQTT_NEWS_DROPPED:
    case IMQTT_NEWS_WARNING:
        host_log(LEVEL_WARNING, label_of(modem), "%s %u", news->text, (unsigned)news->number);
        break;
    case IMQTT_NEWS_RECORD_UNREADABLE:
        host_log(LEVEL_WARNING, label_of(modem), "%s %u", news->text, (unsigned)news->number);
        drawer_keep_aside(modem->drawer, (enum imqtt_record)news->number);
        break;
    default:
        break;
    }
}

static struct imqtt_ports ports_of(struct host_modem *modem)
{
    struct imqtt_ports ports = {
        .terminal = {.context = modem, .write = write_terminal},
        .network = uplink_port(&modem->uplink),
        .memory = memory_port(&modem->host->memory),
        .store = drawer_port(modem->drawer),
        .crypto = crypto_port(),
        .news = {modem, log_news},
    };
    if (modem->terminal->kind->configure != NULL)
        ports.terminal.configure = configure_terminal;
    return ports;
}

/* ---- the end of a turn ---------------------------------------------------------------------- */

static bool offer_typed(struct host_modem *modem)
{
    struct kept *typed = &modem->typed;
    if (kept_count(typed) == 0 || !imqtt_modem_wants(modem->core).terminal_input)
        return false;
    size_t used = imqtt_modem_terminal_input(modem->core, kept_bytes(typed), kept_count(typed),
                                             now_ms(modem));
    kept_take(typed, used);
    return used > 0;
}

static bool offer(struct host_modem *modem)
{
    bool was_typed = offer_typed(modem);
    bool was_received = uplink_offer(&modem->uplink);
    return was_typed || was_received;
}

/* What was typed comes before the flush, so that one write takes its answers along. */
static void exchange(struct host_modem *modem)
{
    for (int round = 0; round < ROUNDS; round++) {
        offer_typed(modem);
        imqtt_modem_flush(modem->core, now_ms(modem));
        if (!offer(modem))
            return;
    }
    host_modem_touch(modem);
}

static bool only_a_little_came(struct host_modem *modem)
{
    size_t bytes = modem->typed_bytes + uplink_heard_bytes(&modem->uplink);
    bool all_used = kept_count(&modem->typed) == 0 && !uplink_has_kept(&modem->uplink);
    return bytes > 0 && bytes <= REST_MAX_BYTES && all_used;
}

static void rest_or_go_on(struct host_modem *modem, bool terminal_is_full)
{
    uint64_t now = now_ms(modem);
    if (!terminal_is_full || now >= modem->rest_until_ms)
        modem->rest_until_ms = 0;
    if (terminal_is_full && modem->rest_until_ms == 0 && only_a_little_came(modem))
        modem->rest_until_ms = now + REST_MS;
    modem->typed_bytes = 0;
}

static void watch(struct host_modem *modem)
{
    struct imqtt_wants wants = imqtt_modem_wants(modem->core);
    rest_or_go_on(modem, wants.terminal_room);
    bool may_read = modem->rest_until_ms == 0;
    bool takes_input = wants.terminal_input && kept_count(&modem->typed) == 0;
    modem->terminal->kind->watch(modem->terminal, takes_input && may_read, wants.terminal_room);
    uplink_watch(&modem->uplink, may_read);
}

static uint64_t next_alarm_ms(const struct host_modem *modem)
{
    uint64_t deadline_ms = imqtt_modem_next_deadline(modem->core);
    bool rest_ends_before = modem->rest_until_ms != 0 && modem->rest_until_ms < deadline_ms;
    return rest_ends_before ? modem->rest_until_ms : deadline_ms;
}

/* A later deadline lets the alarm stand: it rings early once, which is harmless and cheaper than
 * setting it anew for every message. */
static void set_alarm(struct host_modem *modem)
{
    uint64_t deadline_ms = next_alarm_ms(modem);
    if (deadline_ms >= modem->alarm_ms)
        return;
    uint64_t now = now_ms(modem);
    modem->alarm_ms = deadline_ms;
    alarm_set(modem->alarm, deadline_ms > now ? deadline_ms - now : 0);
}

static void settle(struct task *task)
{
    struct host_modem *modem = (struct host_modem *)task;
    exchange(modem);
    bool has_left = modem->is_shutting_down && uplink_is_down(&modem->uplink);
    if (modem->is_off || has_left) {
        host_modem_end(modem);
        return;
    }
    watch(modem);
    set_alarm(modem);
    if (modem->terminal->kind->settled != NULL)
        modem->terminal->kind->settled(modem->terminal);
}

/* ---- life ----------------------------------------------------------------------------------- */

static void enlist(struct host_modem *modem)
{
    modem->next = modem->host->modems;
    modem->link = &modem->host->modems;
    if (modem->next != NULL)
        modem->next->link = &modem->next;
    *modem->link = modem;
    loop_hold(&modem->host->loop);
}

static void unlist(struct host_modem *modem)
{
    *modem->link = modem->next;
    if (modem->next != NULL)
        modem->next->link = modem->link;
    loop_release(&modem->host->loop);
}

/* Local time's lead over UTC in the quarters of an hour that AT+CCLK counts. */
static int8_t zone_quarter_hours(time_t now)
{
    struct tm local;
    if (localtime_r(&now, &local) == NULL)
        return 0;
    return (int8_t)(local.tm_gmtoff / (15 * 60));
}

static struct imqtt_options options_of(const struct host_modem *modem)
{
    struct imqtt_options options = modem->host->options;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    options.identity.name = modem->terminal->name;
    options.unix_time_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    options.zone_quarter_hours = zone_quarter_hours(now.tv_sec);
    options.baud = modem->terminal->baud;
    return options;
}

static bool open_drawer(struct host_modem *modem)
{
    static const struct drawer_owner owner = {.loaded = on_loaded, .saved = on_saved};
    struct store *store = modem->host->store;
    if (store != NULL)
        modem->drawer = drawer_open(store, modem->terminal->name, &owner, modem);
    return store == NULL || modem->drawer != NULL;
}

static bool start(struct host_modem *modem)
{
    modem->alarm = alarm_new(&modem->host->loop, on_alarm, modem);
    modem->core = malloc(imqtt_modem_bytes());
    if (modem->alarm == NULL || modem->core == NULL || !open_drawer(modem))
        return false;
    struct imqtt_ports ports = ports_of(modem);
    struct imqtt_options options = options_of(modem);
    uplink_init(&modem->uplink, &modem->host->network, &modem->task, modem->core, label_of(modem));
    imqtt_modem_init(modem->core, &ports, &options, now_ms(modem));
    return true;
}

static void discard(struct host_modem *modem)
{
    modem->terminal->kind->end(modem->terminal);
    drawer_close(modem->drawer);
    alarm_end(modem->alarm);
    free(modem->core);
    free(modem);
}

struct host_modem *host_modem_new(struct host *host, struct terminal *terminal)
{
    struct host_modem *modem = calloc(1, sizeof *modem);
    if (modem == NULL) {
        terminal->kind->end(terminal);
        return NULL;
    }
    modem->host = host;
    modem->terminal = terminal;
    modem->task.run = settle;
    modem->alarm_ms = IMQTT_NO_DEADLINE;
    if (!start(modem)) {
        discard(modem);
        return NULL;
    }
    terminal->modem = modem;
    enlist(modem);
    host_modem_touch(modem);
    return modem;
}

void host_modem_end(struct host_modem *modem)
{
    loop_forget(&modem->task);
    unlist(modem);
    imqtt_modem_end(modem->core);
    uplink_end(&modem->uplink);
    kept_clear(&modem->typed);
    explicit_bzero(modem->core, imqtt_modem_bytes());
    discard(modem);
}

void host_modem_switch_off(struct host_modem *modem)
{
    modem->is_off = true;
    host_modem_touch(modem);
}

void host_modem_shut_down(struct host_modem *modem)
{
    modem->is_shutting_down = true;
    imqtt_modem_shut_down(modem->core, now_ms(modem));
    host_modem_touch(modem);
}

bool host_modem_is_idle(const struct host_modem *modem)
{
    return kept_count(&modem->typed) == 0 && imqtt_modem_is_idle(modem->core);
}

uint64_t host_modem_quiet_ms(const struct host_modem *modem)
{
    return uplink_quiet_ms(&modem->uplink);
}

struct host_modem *host_modem_next(const struct host_modem *modem)
{
    return modem->next;
}
