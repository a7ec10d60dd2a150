#include "core/modem/session_saving.h"
#include "core/modem/modem_clients.h"
#include "core/session/session_record.h"

/* Packet ids are used only once the store has them (commands.md section 4). */
static void save_packet_ids(struct imqtt_modem *modem)
{
    struct out record;
    if (!mqtt_client_wants_save(&modem->link->mqtt) ||
        !records_begin(&modem->records, modem_store(modem), &record))
        return;
    mqtt_client_put_ids(&modem->link->mqtt, &record);
    if (!records_save(&modem->records, modem_store(modem), IMQTT_RECORD_PACKET_IDS, &record))
        return;
    records_turn_to(&modem->records, modem_client(modem));
    mqtt_client_ids_begun(&modem->link->mqtt);
}

/* Without memory for the record packets wait as long as there is none. */
static void save_session(struct imqtt_modem *modem)
{
    struct out record;
    if (!session_record_is_due(modem->link) ||
        !records_begin(&modem->records, modem_store(modem), &record))
        return;
    session_record_put(modem->link, &record);
    if (!records_save(&modem->records, modem_store(modem), IMQTT_RECORD_SESSION, &record))
        return;
    records_turn_to(&modem->records, modem_client(modem));
    session_record_begun(modem->link);
}

/* Of the client that is turned to. */
static void save(struct imqtt_modem *modem)
{
    save_packet_ids(modem);
    if (mqtt_client_keeps_on_store(&modem->link->mqtt))
        save_session(modem);
}

#if IMQTT_CLIENTS > 1
/* The one behind that which the store was asked for last comes first. */
static void save_in_turn(struct imqtt_modem *modem)
{
    uint8_t count = modem_client_count(modem), client = modem->records.saved_last;
    for (uint8_t i = 0; i < count && !records_are_busy(&modem->records); i++) {
        client = (uint8_t)((client + 1) % count);
        if (modem_turn_to(modem, client))
            save(modem);
    }
    modem->records.saved_last = client;
    modem_turn_back(modem);
}
#endif

void modem_save_records(struct imqtt_modem *modem)
{
#if IMQTT_CLIENTS > 1
    if (modem_client_count(modem) > 1) {
        save_in_turn(modem);
        return;
    }
#endif
    save(modem);
}

bool modem_take_session_saved(struct imqtt_modem *modem)
{
    bool is_session = modem->records.asked == IMQTT_RECORD_SESSION;
    modem_turn_to(modem, records_client(&modem->records));
    records_turn_to(&modem->records, 0);
    if (is_session)
        mqtt_client_session_saved(&modem->link->mqtt);
    else if (modem->records.asked == IMQTT_RECORD_PACKET_IDS)
        mqtt_client_ids_saved(&modem->link->mqtt);
    return is_session || modem->records.asked == IMQTT_RECORD_PACKET_IDS;
}
