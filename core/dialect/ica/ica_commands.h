/* ica_commands.h: what hosts of ICA modules type and hear otherwise than commands.md has it
 * (docs/dialects/ica.md): AliOS's own adapter, Neoway N21, MBLTEK, Cheerzing. */
#ifndef CORE_DIALECT_ICA_ICA_COMMANDS_H
#define CORE_DIALECT_ICA_ICA_COMMANDS_H

#include "core/at/command.h"
#include "core/modem/parts.h"
#include "core/session/session_news.h"

/* What is kept by a client's number; there is one. */
enum { ICA_CLIENT = 0 };
enum ica_key {
    ICA_RECEIVE_PART, /* the fragment length of AT+IMQTTRCVCFG; none: it was never set */
    ICA_LAST_MESSAGE, /* AT+IMQTTRCVPUB?: id, topic, payload */
    ICA_PARTS,        /* of a message that is published in parts */
};

#define ICA_FIELD_BYTES 50   /* of AT+IMQTTAUTH */
#define ICA_PARTS_BYTES 1024 /* of all parts of a message */
#define ICA_PARTS_MAX   10   /* the fragment id of the first one */
#define ICA_PART_BYTES  1024 /* of one that is received */

/* ica_settings.c */
at_handler ica_mode_set, ica_mode_read;
at_handler ica_open_set, ica_open_read;
at_handler ica_para_set, ica_para_read;
at_handler ica_receive_set, ica_receive_read;

/* ica_connection.c */
at_handler ica_auth_set;
at_handler ica_connect_execute, ica_state_read;
at_handler ica_sim_read;
at_handler ica_band_set;
at_handler ica_link_set, ica_link_read;

/* ica_requests.c */
at_handler ica_subscribe_set, ica_unsubscribe_set;
at_handler ica_publish_set, ica_publish_hex_set;

/* ica_urcs.c */
at_handler ica_last_message_read;
void ica_say_booted(struct imqtt_modem *modem);
bool ica_say_session(struct imqtt_modem *modem, const struct session_news *news);

#endif
