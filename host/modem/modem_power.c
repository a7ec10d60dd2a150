#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/modem/crypto.h"
#include "host/modem/modem_parts.h"

/* ---- the store ------------------------------------------------------------------------------ */

static void on_loaded(void *owner, enum imqtt_load outcome, const uint8_t *bytes, size_t count)
{
    struct host_modem *modem = owner;
    imqtt_modem_loaded(modem->core, outcome, bytes, count, host_modem_now_ms(modem));
    host_modem_touch(modem);
}

static void on_saved(void *owner, bool safe)
{
    struct host_modem *modem = owner;
    imqtt_modem_saved(modem->core, safe, host_modem_now_ms(modem));
    host_modem_touch(modem);
}

/* What one dialect has stored means nothing to another, and stays: "meter-7 (qmt)". So it is with
 * what a client behind the first has: "meter-7 (qmt, client 1)". */
static char *name_in_store(const struct modem_config *config, uint8_t client)
{
    const char *word = imqtt_dialect_word(config->dialect), *as = config->stored_as;
    char *name = NULL;
    if (word == NULL)
        return strdup(as);
    int bytes = client == 0 ? asprintf(&name, "%s (%s)", as, word)
                            : asprintf(&name, "%s (%s, client %u)", as, word, client);
    return bytes < 0 ? NULL : name;
}

static bool open_store(struct host_modem *modem, uint8_t client)
{
    static const struct modem_store_owner owner = {.loaded = on_loaded, .saved = on_saved};
    struct store *store = modem->host->store;
    if (store == NULL)
        return true;
    char *name = name_in_store(modem->config, client);
    if (name != NULL)
        modem->stores[client] = modem_store_open(store, name, &owner, modem);
    free(name);
    return modem->stores[client] != NULL;
}

static bool open_stores(struct host_modem *modem, uint8_t count)
{
    bool are_open = true;
    for (uint8_t client = 0; are_open && client < count; client++)
        are_open = open_store(modem, client);
    return are_open;
}

/* ---- the ports ------------------------------------------------------------------------------ */

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    struct host_modem *modem = context;
    return terminal_write(modem->terminal, bytes, count);
}

static void configure_terminal(void *context, uint32_t baud, bool rts_cts)
{
    struct host_modem *modem = context;
    terminal_configure(modem->terminal, baud, rts_cts);
}

static struct imqtt_ports ports_of(struct host_modem *modem)
{
    struct imqtt_ports ports = {
        .terminal = {.context = modem, .write = write_terminal},
        .network = uplink_port(&modem->uplinks.first),
        .memory = memory_port(&modem->memory),
        .store = modem_store_port(modem->stores[0]),
        .crypto = crypto_port(),
        .tls = uplink_tls_port(&modem->uplinks.first),
        .news = host_modem_news_port(modem),
    };
    if (terminal_can_configure(modem->terminal))
        ports.terminal.configure = configure_terminal;
    return ports;
}

/* Of the clients behind the first. */
static void put_client_ports(struct host_modem *modem)
{
    for (uint8_t client = 1; client < modem->uplinks.count; client++) {
        struct uplink *uplink = uplinks_of(&modem->uplinks, client);
        modem->client_ports[client - 1] =
            (struct imqtt_client_ports){.network = uplink_port(uplink),
                                        .memory = memory_port(&modem->memory),
                                        .store = modem_store_port(modem->stores[client]),
                                        .tls = uplink_tls_port(uplink)};
    }
}

/* ---- the options ---------------------------------------------------------------------------- */

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
    struct imqtt_options options = {
        .dialect = modem->config->dialect,
        .boot_urcs = modem->config->boot_urcs,
        .is_wired = modem->config->is_wired,
        .identity = *modem->config->identity,
        .baud = modem->terminal->baud,
        .echo_off = !modem->config->echo,
        .error_form = modem->config->error_form,
        .wide_limits = modem->config->wide_limits,
        .keeps_session = modem->config->keeps_session,
        .reconnect_min_s = modem->config->reconnect_min_s,
        .reconnect_max_s = modem->config->reconnect_max_s,
        .presets = modem->config->preset,
        .preset_count = modem->config->preset_count,
        .radio = &modem->radio,
        .clients = modem->uplinks.count,
        .client_ports = modem->client_ports,
    };
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    options.identity.name = modem->config->stored_as;
    options.unix_time_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    options.zone_quarter_hours = zone_quarter_hours(now.tv_sec);
    return options;
}

/* ---- on and off ----------------------------------------------------------------------------- */

/* No more than the dialect counts. */
static uint8_t client_count(const struct modem_config *config)
{
    uint8_t counted = imqtt_dialect_clients(config->dialect);
    uint8_t count = config->clients < counted ? config->clients : counted;
    return count > 1 ? count : 1;
}

static bool begin(struct host_modem *modem, struct host_refusal *refusal)
{
    struct network_config network = {.tls = &modem->config->tls,
                                     .redirects = modem->config->redirects,
                                     .source_address = modem->config->source_address,
                                     .faults = &modem->faults};
    modem->core = malloc(imqtt_modem_bytes());
    struct uplink_owner owner = {.modem = modem,
                                 .core = modem->core,
                                 .pump = &modem->pump,
                                 .tap = &modem->tap,
                                 .observer = modem->host->observer,
                                 .label = modem->name};
    uint8_t count = client_count(modem->config);
    if (count > 1)
        modem->client_ports = calloc(count - 1U, sizeof *modem->client_ports);
    modem->uplinks = (struct uplinks){0};
    modem->memory = (struct memory_account){.memory = &modem->host->memory};
    if (modem->core == NULL || (count > 1 && modem->client_ports == NULL) ||
        !open_stores(modem, count))
        return refuse(refusal, "modem", modem->name, strerror(ENOMEM));
    return uplinks_init(&modem->uplinks, count, &modem->host->network, &network, &owner, refusal);
}

/* What power_on may have begun. */
static void let_go(struct host_modem *modem)
{
    uplinks_end(&modem->uplinks);
    memory_end_overdraft(&modem->memory);
    for (uint8_t client = 0; client < IMQTT_CLIENTS; client++) {
        modem_store_close(modem->stores[client]);
        modem->stores[client] = NULL;
    }
    free(modem->client_ports);
    free(modem->core);
    modem->client_ports = NULL;
    modem->core = NULL;
}

bool host_modem_power_on(struct host_modem *modem, struct host_refusal *refusal)
{
    if (modem->core != NULL)
        return true;
    host_modem_faults_power_on(modem);
    if (!begin(modem, refusal) || !host_modem_set_pace(modem, refusal)) {
        let_go(modem);
        return false;
    }
    struct imqtt_ports ports = ports_of(modem);
    struct imqtt_options options = options_of(modem);
    put_client_ports(modem);
    imqtt_pump_init(&modem->pump, modem->core, &ports.memory);
    uplinks_join(&modem->uplinks, &modem->pump, &ports.memory);
    imqtt_modem_init(modem->core, &ports, &options, host_modem_now_ms(modem));
    modem->radio = imqtt_modem_radio(modem->core);
    host_modem_touch(modem);
    return true;
}

void host_modem_power_off(struct host_modem *modem)
{
    if (modem->core == NULL)
        return;
    uplinks_break(&modem->uplinks, CHANNEL_RESETS);
    host_modem_end_core(modem);
}

void host_modem_end_core(struct host_modem *modem)
{
    if (modem->core == NULL)
        return;
    imqtt_modem_end(modem->core);
    imqtt_pump_end(&modem->pump);
    alarm_stop(modem->alarm);
    modem->alarm_ms = IMQTT_NO_DEADLINE;
    modem->rest_until_ms = 0;
    explicit_bzero(modem->core, imqtt_modem_bytes());
    let_go(modem);
    host_modem_touch(modem);
}

bool host_modem_power_cycle(struct host_modem *modem, const struct modem_config *config,
                            struct host_refusal *refusal)
{
    host_modem_power_off(modem);
    modem->config = config;
    modem->radio = config->radio;
    return host_modem_power_on(modem, refusal);
}
