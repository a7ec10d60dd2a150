#include "imqtt/inspect.h"
#include "core/bytes/control_bytes.h"
#include "core/modem/modem_clients.h"
#include "core/modem/command_line.h"
#include "core/modem/say.h"
#include "core/settings/fields.h"
#include "imqtt/clients.h"

/* ---- settings ------------------------------------------------------------------------------- */

static struct span shown_string(const struct imqtt_modem *modem, enum setting setting)
{
    struct span string = setting_string(&modem->settings, setting);
    bool is_secret = (setting_fields[setting].flags & FIELD_SECRET) != 0;
    return is_secret && string.count > 0 ? span_text("*****") : string;
}

static void visit(const struct imqtt_modem *modem, enum setting setting,
                  imqtt_setting_visitor *visitor, void *context)
{
    uint8_t digits[sizeof "65535"];
    struct out number = out_on(digits, sizeof digits);
    struct span value;
    if (setting_is_string(setting)) {
        value = shown_string(modem, setting);
    } else {
        out_decimal(&number, setting_number(&modem->settings, setting));
        value = out_written(&number);
    }
    visitor(context, setting_name(setting), value.bytes, value.count, !setting_is_string(setting));
}

void imqtt_modem_visit_settings(const struct imqtt_modem *modem, imqtt_setting_visitor *visitor,
                                void *context)
{
    for (size_t i = 0; i < SETTING_NAMES; i++)
        if (settings_in_order[i] < SETTING_COUNT)
            visit(modem, (enum setting)settings_in_order[i], visitor, context);
}

/* ---- the link ------------------------------------------------------------------------------- */

static void visit_subscriptions(const struct broker_link *link, imqtt_subscription_visitor *visitor,
                                void *context)
{
    struct span rest = subscriptions_all(&link->subscriptions), filter;
    uint8_t granted_qos;
    while (subscriptions_next(&rest, &filter, &granted_qos))
        visitor(context, filter.bytes, filter.count, granted_qos);
}

static struct imqtt_failure last_failure(const struct broker_link *link)
{
    const struct diagnosis *diagnosis = &link->diagnosis;
    return (struct imqtt_failure){diagnosis->stage, diagnosis->code, diagnosis->text};
}

static size_t count_requests(const struct outbox *outbox)
{
    size_t count = 0;
    for (const struct request *request = outbox_first(outbox); request != NULL;
         request = outbox_after(outbox, request))
        count++;
    return count;
}

static struct imqtt_counts counts_of(const struct imqtt_modem *modem,
                                     const struct broker_link *link)
{
    return (struct imqtt_counts){
        .inbox_messages = link->inbox.count,
        .outbox_requests = count_requests(&link->mqtt.delivery.outbox),
        .urcs_waiting_bytes = urcs_waiting(&modem->urcs),
        .output_waiting_bytes = modem->output.count,
        .awaits_pingresp = link->mqtt.keep_alive.awaits_pingresp,
    };
}

void imqtt_modem_visit_subscriptions(const struct imqtt_modem *modem,
                                     imqtt_subscription_visitor *visitor, void *context)
{
    visit_subscriptions(modem_link_of(modem, 0), visitor, context);
}

struct imqtt_failure imqtt_modem_last_failure(const struct imqtt_modem *modem)
{
    return last_failure(modem_link_of(modem, 0));
}

struct imqtt_counts imqtt_modem_counts(const struct imqtt_modem *modem)
{
    return counts_of(modem, modem_link_of(modem, 0));
}

#if IMQTT_CLIENTS > 1

/* ---- the link of any client ----------------------------------------------------------------- */

uint8_t imqtt_modem_clients(const struct imqtt_modem *modem)
{
    return modem_client_count(modem);
}

struct imqtt_failure imqtt_modem_client_last_failure(const struct imqtt_modem *modem,
                                                     uint8_t client)
{
    const struct broker_link *link = modem_link_of(modem, client);
    return link != NULL ? last_failure(link) : (struct imqtt_failure){IMQTT_STAGE_NONE, 0, ""};
}

struct imqtt_counts imqtt_modem_client_counts(const struct imqtt_modem *modem, uint8_t client)
{
    const struct broker_link *link = modem_link_of(modem, client);
    return link != NULL ? counts_of(modem, link) : (struct imqtt_counts){0};
}

void imqtt_modem_client_visit_subscriptions(const struct imqtt_modem *modem, uint8_t client,
                                            imqtt_subscription_visitor *visitor, void *context)
{
    const struct broker_link *link = modem_link_of(modem, client);
    if (link != NULL)
        visit_subscriptions(link, visitor, context);
}

#endif

/* ---- the host ------------------------------------------------------------------------------- */

bool imqtt_modem_awaits_data(const struct imqtt_modem *modem)
{
    return modem_takes_data(modem);
}

bool imqtt_modem_is_within_line(const struct imqtt_modem *modem)
{
    return line_is_partial(&modem->line);
}

/* ---- somebody else's URC -------------------------------------------------------------------- */

bool imqtt_modem_say_urc(struct imqtt_modem *modem, const char *text, uint64_t now_ms)
{
    if (has_control(span_text(text)))
        return false;
    modem->now_ms = now_ms;
    command_line_hold_or_release_urcs(modem);
    return modem_say(modem, text);
}

/* ---- the clock ------------------------------------------------------------------------------ */

uint64_t imqtt_modem_unix_time_ms(const struct imqtt_modem *modem, uint64_t now_ms)
{
    return IMQTT_WITH_CLOCK ? clock_unix_ms(&modem->clock, now_ms) : 0;
}
