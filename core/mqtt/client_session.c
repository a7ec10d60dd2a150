/* client_session.c: the kept session on its way to the store and back. */
#include "core/mqtt/client.h"

static bool has_changed(const struct mqtt_client *client)
{
    struct session_mark now = mqtt_client_session_mark(client);
    return kept_session_has_changed(&client->kept, &now);
}

void mqtt_client_keep_on_store(struct mqtt_client *client)
{
    client->kept.is_on = IMQTT_WITH_KEPT_SESSION;
}

bool mqtt_client_has_session(const struct mqtt_client *client)
{
    return client->session != 0;
}

bool mqtt_client_wants_session_saved(const struct mqtt_client *client)
{
    return IMQTT_WITH_KEPT_SESSION && !client->kept.is_saving && has_changed(client);
}

#define SESSION_HASH_BYTES 8

void mqtt_client_put_session(const struct mqtt_client *client, struct out *record)
{
    for (unsigned shift = 64; shift > 0; shift -= 16)
        out_u16(record, (uint16_t)(client->session >> (shift - 16)));
    if (client->session != 0)
        kept_session_put(&client->delivery, &client->received, record);
}

void mqtt_client_session_begun(struct mqtt_client *client)
{
    struct session_mark now = mqtt_client_session_mark(client);
    kept_session_begin(&client->kept, &now);
}

void mqtt_client_session_saved(struct mqtt_client *client)
{
    kept_session_end(&client->kept);
}

static bool take_hash(struct span *record, uint64_t *session)
{
    uint16_t part;
    *session = 0;
    for (unsigned i = 0; i < SESSION_HASH_BYTES / 2; i++) {
        if (!span_take_u16(record, &part))
            return false;
        *session = *session << 16 | part;
    }
    return true;
}

bool mqtt_client_take_session(struct mqtt_client *client, struct span *record)
{
    if (!take_hash(record, &client->session))
        return false;
    if (client->session == 0)
        return true;
    client->was_loaded = true;
    client->delivery.is_clean = false;
    bool is_taken = kept_session_take(&client->delivery, &client->received, record);
    client->kept.saved = mqtt_client_session_mark(client);
    return is_taken;
}

void mqtt_client_drop_session(struct mqtt_client *client)
{
    outbox_clear(&client->delivery.outbox);
    received_clear(&client->received);
    client->session = 0;
    client->was_loaded = false;
    client->delivery.is_clean = true;
}
