/* imqtt_commands.h: the handlers of AT+IMQTT…, a file a family; which command has which stands in
 * imqtt_dialect.c. */
#ifndef CORE_DIALECT_IMQTT_IMQTT_COMMANDS_H
#define CORE_DIALECT_IMQTT_IMQTT_COMMANDS_H

#include "core/at/command.h"

/* config_commands.c: M2.1 to M2.6 */
at_handler mode_set, mode_read;
at_handler para_set, para_read;
at_handler user_set, user_read;
at_handler address_set, address_read;
at_handler will_set, will_read;
at_handler will_hex_set, will_hex_read;
at_handler will_view; /* for AT&V */

/* connection_commands.c: M2.7, M2.8, M2.14 and AT+IMQTTERR? */
at_handler connect_execute, disconnect_execute, state_read, diagnosis_read;
at_handler reconnect_set, reconnect_read, reconnect_view;

/* subscribe_commands.c: M2.9, M2.10 */
at_handler subscribe_set, subscribe_read, unsubscribe_set, unsubscribe_read;

/* publish_commands.c: M2.11 to M2.13 */
at_handler publish_set, publish_read;
at_handler publish_hex_set, publish_hex_read;
at_handler publish_data_set, publish_data_read;

/* receive_commands.c: M2.17, M2.18, and AT+IMQTTRECVHEX */
at_handler receive_mode_read;
at_handler receive_hex_read;
at_handler receive_set, receive_read, receive_test;

/* aliyun_commands.c: M2.15, M2.16 */
at_handler auth_set, auth_read;
at_handler dynreg_set, dynreg_read;
at_handler auth_view, dynreg_view; /* for AT&V */

/* certificate_commands.c */
at_handler certificate_set;
at_handler tls_set, tls_read;

#endif
