#include "core/session/session_record.h"

#define VERSION 1

static bool subscriptions_changed(const struct broker_link *link)
{
    return mqtt_client_has_session(&link->mqtt) && mqtt_client_keeps_on_store(&link->mqtt) &&
           link->subscriptions.changes != link->saved_subscriptions;
}

bool session_record_is_due(const struct broker_link *link)
{
    return mqtt_client_wants_session_saved(&link->mqtt) || subscriptions_changed(link);
}

void session_record_put(const struct broker_link *link, struct out *record)
{
    out_u8(record, VERSION);
    mqtt_client_put_session(&link->mqtt, record);
    if (mqtt_client_has_session(&link->mqtt))
        out_span(record, subscriptions_all(&link->subscriptions));
}

void session_record_begun(struct broker_link *link)
{
    mqtt_client_session_begun(&link->mqtt);
    link->saved_subscriptions = link->subscriptions.changes;
}

bool session_record_take(struct broker_link *link, struct span record)
{
    uint8_t version;
    bool is_taken = span_take_u8(&record, &version) && version == VERSION &&
                    mqtt_client_take_session(&link->mqtt, &record) &&
                    subscriptions_take_all(&link->subscriptions, record);
    if (!is_taken) {
        mqtt_client_drop_session(&link->mqtt);
        subscriptions_clear(&link->subscriptions);
    }
    link->saved_subscriptions = link->subscriptions.changes;
    return is_taken;
}
