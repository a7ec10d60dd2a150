#include "core/modem/boot.h"
#include "core/modem/modem_clients.h"
#include "core/modem/dynreg.h"
#include "core/modem/presets.h"
#include "core/modem/reconnection.h"
#include "core/modem/say.h"
#include "core/modem/radio_service.h"
#include "core/modem/spelling.h"
#include "core/session/session_record.h"
#include "core/settings/factory.h"
#include "core/settings/profile.h"

/* ---- power ---------------------------------------------------------------------------------- */

static void load(struct imqtt_modem *modem, enum imqtt_record record)
{
    const struct imqtt_store_port *store = modem_store_of(modem, records_client(&modem->records));
    records_load(&modem->records, store, record);
}

/* The record that is loaded behind another; COUNT: there is none. */
static enum imqtt_record record_after(const struct imqtt_modem *modem, enum imqtt_record record)
{
    enum imqtt_record next = RECORD_AFTER(record);
    bool is_passed_over = next == IMQTT_RECORD_SESSION && !clients_keep_sessions(modem);
    return is_passed_over ? (enum imqtt_record)(next + 1) : next;
}

static void finish(struct imqtt_modem *modem)
{
    modem->is_starting = false;
    if (modem->options.boot_urcs)
        modem->dialect->say_booted(modem);
    modem_tell_kind(modem, IMQTT_NEWS_BOOTED);
    modem_follow_radio(modem, radio_from_off(&modem->radio));
}

static void begin(struct imqtt_modem *modem)
{
    modem->is_starting = true;
    modem->reboots = false;
    if (RECORDS_EXIST && modem->ports.store.load != NULL)
        load(modem, RECORD_FIRST);
    else
        finish(modem);
}

/* What the owner wants, over what the dialect is. */
static struct factory_changes changes_of(const struct imqtt_modem *modem)
{
    struct factory_changes changes = {
        .echo_off = modem->options.echo_off,
        .error_form = modem->options.error_form,
        .wide_limits = modem->options.wide_limits,
        .reconnect_min_s = modem->options.reconnect_min_s,
        .reconnect_max_s = modem->options.reconnect_max_s,
    };
#if IMQTT_WITH_DIALECTS
    changes.wide_limits |= modem->dialect->wide_limits;
    changes.dialect = modem->dialect->factory;
    changes.dialect_count = modem->dialect->factory_count;
#endif
    return changes;
}

void boot_power_on(struct imqtt_modem *modem)
{
    const struct imqtt_memory_port *lender = &modem->ports.memory;
    const struct factory_changes changes = changes_of(modem);
    urcs_init(&modem->urcs, &modem->output, lender, modem->output.cap);
#if IMQTT_WITH_DIALECTS
    modem->urcs.bare = modem->dialect->bare_lines;
    typed_init(&modem->typed, lender);
    client_settings_init(&modem->clients, lender);
    modem->has_verdict = false;
    certificates_init(&modem->certificates, lender);
#endif
    settings_init(&modem->settings, lender, &changes);
    radio_switch_on(&modem->radio, lender);
    if (IMQTT_WITH_ALIYUN)
        dynreg_init(&modem->dynreg, lender);
    if (RECORDS_EXIST)
        modem->records = records_in(lender);
    if (IMQTT_WITH_RECONNECT)
        reconnection_begin(modem);
    clients_begin(modem);
    presets_type(modem);
    begin(modem);
}

void boot_power_off(struct imqtt_modem *modem)
{
    if (IMQTT_WITH_RECONNECT)
        subscriptions_clear(&modem->reconnection.wanted);
    clients_end(modem);
    if (RECORDS_EXIST)
        records_clear(&modem->records);
    if (IMQTT_WITH_ALIYUN)
        strings_clear(&modem->dynreg.strings);
    radio_switch_off(&modem->radio);
    strings_clear(&modem->settings.strings);
    fifo_clear(&modem->urcs.waiting);
#if IMQTT_WITH_DIALECTS
    typed_forget(&modem->typed);
    client_settings_clear(&modem->clients);
    certificates_clear(&modem->certificates);
#endif
}

/* ---- reboot --------------------------------------------------------------------------------- */

enum imqtt_status boot_again(struct imqtt_modem *modem)
{
    if (records_are_busy(&modem->records))
        return IMQTT_LATER;
    modem->reboots = true;
    return IMQTT_DONE;
}

/* A/ has nothing to repeat; what still belongs to the line's end is swallowed. */
static void forget_last_line(struct imqtt_modem *modem)
{
    struct line fresh;
    line_init(&fresh, &modem->ports.memory);
    fresh.may_be_paired = modem->line.may_be_paired;
    fresh.ended_by = modem->line.ended_by;
    memcpy(fresh.host_pair, modem->line.host_pair, sizeof fresh.host_pair);
    line_end(&modem->line);
    modem->line = fresh;
}

/* If there was one. */
static void tell_connection_gone(const struct imqtt_modem *modem)
{
    const struct connection_target *target = &modem->link->target;
    if (!modem_is_connected(modem) || !modem_has_listener(modem))
        return;
    struct imqtt_news news = {.kind = IMQTT_NEWS_DISCONNECTED,
                              .host = target->host,
                              .port = target->port,
                              .tls = target->tls,
                              .text = "the modem reboots"};
    modem_tell(modem, &news);
}

void boot_reboot(struct imqtt_modem *modem)
{
    for (uint8_t client = modem_client_count(modem); client-- > 0;)
        if (modem_turn_to(modem, client))
            tell_connection_gone(modem);
    boot_power_off(modem);
    forget_last_line(modem);
    boot_power_on(modem);
}

/* ---- stored settings ------------------------------------------------------------------------ */

enum imqtt_status boot_save_settings(struct imqtt_modem *modem)
{
    const struct imqtt_store_port *store = &modem->ports.store;
    struct out record;
    if (store->save == NULL)
        return IMQTT_NOT_SUPPORTED;
    if (records_are_busy(&modem->records))
        return IMQTT_LATER;
    if (!records_begin(&modem->records, store, &record))
        return IMQTT_UNKNOWN_ERROR;
    profile_put(&modem->settings, &record);
    bool is_begun = records_save(&modem->records, store, IMQTT_RECORD_SETTINGS, &record);
    return is_begun ? IMQTT_PENDING : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status boot_reload(struct imqtt_modem *modem)
{
    if (modem->ports.store.load == NULL) {
        presets_reset(modem);
        return IMQTT_DONE;
    }
    if (records_are_busy(&modem->records))
        return IMQTT_LATER;
    load(modem, IMQTT_RECORD_SETTINGS);
    return IMQTT_PENDING;
}

static bool apply_dynreg(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record)
{
    return !IMQTT_WITH_ALIYUN || dynreg_take_loaded(modem, mode, record);
}

static bool apply(struct imqtt_modem *modem, struct span record)
{
    switch (modem->records.asked) {
    case IMQTT_RECORD_SETTINGS:
        presets_reset(modem);
        return profile_take(&modem->settings, record);
    case IMQTT_RECORD_TRIPLE:
        return apply_dynreg(modem, ALIYUN_PRE_REGISTERED, record);
    case IMQTT_RECORD_TOKEN:
        return apply_dynreg(modem, ALIYUN_NOT_PRE_REGISTERED, record);
    case IMQTT_RECORD_PACKET_IDS:
        mqtt_client_load_ids(&modem->link->mqtt, record);
        return true;
    case IMQTT_RECORD_SESSION:
        return !IMQTT_WITH_KEPT_SESSION || session_record_take(modem->link, record);
#if IMQTT_WITH_DIALECTS
    case IMQTT_RECORD_CERTIFICATES:
        return certificates_take_record(&modem->certificates, record);
#endif
    case IMQTT_RECORD_COUNT:
        break;
    }
    return false;
}

static const char *unreadable_text(enum imqtt_record record)
{
    return record == IMQTT_RECORD_SESSION
               ? "the stored session is unreadable; it is forgotten"
               : "stored settings are unreadable; factory values are used";
}

static void tell_unreadable(const struct imqtt_modem *modem)
{
    struct imqtt_news news = {.kind = IMQTT_NEWS_RECORD_UNREADABLE,
                              .text = unreadable_text(modem->records.asked),
                              .number = modem->records.asked};
    modem_tell(modem, &news);
}

/* ---- the records at start ------------------------------------------------------------------- */

/* Behind those of the modem, and of its first client, the same of the others. false: that was all. */
static bool load_next(struct imqtt_modem *modem)
{
    uint8_t client = records_client(&modem->records);
    enum imqtt_record next = record_after(modem, modem->records.asked);
    if (client > 0 && next > IMQTT_RECORD_SESSION)
        next = IMQTT_RECORD_COUNT;
    if (next == IMQTT_RECORD_COUNT) {
        next = IMQTT_RECORD_PACKET_IDS;
        client++;
    }
    bool is_there = client < modem_client_count(modem);
    records_turn_to(&modem->records, is_there ? client : 0);
    if (is_there)
        load(modem, next);
    return is_there;
}

/* A client that has a record is made for it; another one when it connects. */
static bool apply_to_client(struct imqtt_modem *modem, struct span record)
{
    return modem_begin_client(modem, records_client(&modem->records)) && apply(modem, record);
}

/* A modem that starts has the factory's settings already, and keeps them if nobody knows. */
enum imqtt_status boot_take_loaded(struct imqtt_modem *modem, enum imqtt_load outcome,
                                   struct span record)
{
    bool is_reload = !modem->is_starting; /* ATZ */
    records_answered(&modem->records);
    if (outcome == IMQTT_LOAD_FOUND && !apply_to_client(modem, record) && modem_has_listener(modem))
        tell_unreadable(modem);
    else if (outcome == IMQTT_LOAD_NOTHING && is_reload)
        presets_reset(modem);
    if (is_reload)
        return outcome == IMQTT_LOAD_FAILED ? IMQTT_UNKNOWN_ERROR : IMQTT_DONE;
    modem_turn_back(modem);
    if (!load_next(modem))
        finish(modem);
    return IMQTT_PENDING;
}
