#include "core/modem/boot.h"
#include "core/modem/modem.h"
#include "core/settings/profile.h"

static void load(struct imqtt_modem *modem, enum imqtt_record record)
{
    const struct imqtt_store_port *store = &modem->ports.store;
    modem->boot.loading = true;
    modem->boot.record = record;
    store->load(store->context, record);
}

static void finish(struct imqtt_modem *modem)
{
    modem->boot.starting = false;
    if (modem->options.boot_urcs)
        modem_report(modem, "RDY");
    if (modem->options.boot_urcs && modem->radio.network.sim_ready)
        modem_report(modem, "+CPIN: READY");
    radio_announce(modem);
}

static void begin(struct imqtt_modem *modem)
{
    modem->boot = (struct boot){.starting = true};
    if (RECORDS_EXIST && modem->ports.store.load != NULL)
        load(modem, RECORD_FIRST);
    else
        finish(modem);
}

void boot_power_on(struct imqtt_modem *modem)
{
    const struct imqtt_memory_port *lender = &modem->ports.memory;
    modem->format = AT_FORMAT_DEFAULT;
    modem->urcs = urcs_into(&modem->output, lender, modem->output.cap);
    modem->receipts = receipts_in(lender);
    modem->settings = settings_factory(lender);
    modem->recall = recall_in(lender);
    modem->subscriptions = subscriptions_in(lender);
    modem->inbox = inbox_in(lender);
    modem->radio = radio_switched_on(&modem->radio.network, lender);
    modem->registration = registration_in(lender);
    modem->record = lease_from(lender, IMQTT_MEMORY_RECORD);
    diagnosis_clear(&modem->diagnosis);
    mqtt_client_init(&modem->mqtt, &modem->ports.network, lender);
    if (RECORDS_EXIST && modem->ports.store.save != NULL)
        mqtt_client_load_ids(&modem->mqtt, SPAN_EMPTY);
    begin(modem);
}

void boot_power_off(struct imqtt_modem *modem)
{
    mqtt_client_end(&modem->mqtt);
    lease_return(&modem->record);
    strings_clear(&modem->registration.strings);
    strings_clear(&modem->radio.contexts.access_points);
    inbox_clear(&modem->inbox);
    subscriptions_clear(&modem->subscriptions);
    recall_clear(&modem->recall);
    strings_clear(&modem->settings.strings);
    receipts_clear(&modem->receipts);
    fifo_clear(&modem->urcs.waiting);
}

enum imqtt_status boot_again(struct imqtt_modem *modem)
{
    if (record_is_busy(modem))
        return IMQTT_LATER;
    modem->boot.reboots = true;
    return IMQTT_DONE;
}

/* A/ has nothing to repeat; an LF that belongs to the line is still swallowed. */
static void forget_last_line(struct imqtt_modem *modem)
{
    struct line fresh = line_init(&modem->ports.memory);
    fresh.after_cr = modem->line.after_cr;
    fresh.cr_lf_host = modem->line.cr_lf_host;
    line_end(&modem->line);
    modem->line = fresh;
}

void boot_end_line(struct imqtt_modem *modem)
{
    if (!modem->boot.reboots)
        return;
    if (modem_is_connected(modem))
        modem_note(modem, IMQTT_NOTE_CONNECTION_LOST, IMQTT_STAGE_NONE);
    boot_power_off(modem);
    forget_last_line(modem);
    boot_power_on(modem);
}

enum imqtt_status boot_reload(struct imqtt_modem *modem)
{
    if (modem->ports.store.load == NULL) {
        profile_load_factory(modem);
        return IMQTT_DONE;
    }
    if (record_is_busy(modem))
        return IMQTT_LATER;
    load(modem, IMQTT_RECORD_SETTINGS);
    return IMQTT_PENDING;
}

static void apply_settings(struct imqtt_modem *modem, struct span record)
{
    if (!profile_apply(modem, record))
        modem_note(modem, IMQTT_NOTE_RECORD_UNREADABLE, IMQTT_RECORD_SETTINGS);
}

static void apply_registration(struct imqtt_modem *modem, enum aliyun_mode mode, struct span record)
{
    if (IMQTT_WITH_ALIYUN)
        registration_take_loaded(modem, mode, record);
}

static void apply(struct imqtt_modem *modem, struct span record)
{
    switch (modem->boot.record) {
    case IMQTT_RECORD_SETTINGS:
        apply_settings(modem, record);
        break;
    case IMQTT_RECORD_TRIPLE:
        apply_registration(modem, ALIYUN_PRE_REGISTERED, record);
        break;
    case IMQTT_RECORD_TOKEN:
        apply_registration(modem, ALIYUN_NOT_PRE_REGISTERED, record);
        break;
    case IMQTT_RECORD_PACKET_IDS:
        mqtt_client_load_ids(&modem->mqtt, record);
        break;
    case IMQTT_RECORD_COUNT:
        break;
    }
}

/* A modem that starts has the factory's settings already, and keeps them if nobody knows. */
void boot_take_loaded(struct imqtt_modem *modem, enum imqtt_load outcome, struct span record)
{
    bool is_reload = !modem->boot.starting; /* ATZ */
    modem->boot.loading = false;
    if (outcome == IMQTT_LOAD_FOUND)
        apply(modem, record);
    else if (outcome == IMQTT_LOAD_NOTHING && is_reload)
        profile_load_factory(modem);
    if (is_reload)
        modem_finish_command(modem,
                             outcome == IMQTT_LOAD_FAILED ? IMQTT_UNKNOWN_ERROR : IMQTT_DONE);
    else if (modem->boot.record != RECORD_LAST)
        load(modem, RECORD_AFTER(modem->boot.record));
    else
        finish(modem);
}
