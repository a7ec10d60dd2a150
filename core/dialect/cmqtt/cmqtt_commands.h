/* cmqtt_commands.h: AT+CMQTT…: hosts of SIMCom's SIM7500, SIM7600 and A76xx (docs/dialects/cmqtt.md). */
#ifndef CORE_DIALECT_CMQTT_CMQTT_COMMANDS_H
#define CORE_DIALECT_CMQTT_CMQTT_COMMANDS_H

#include "core/at/command.h"

/* cmqtt_service.c */
at_handler cmqtt_start_execute, cmqtt_stop_execute;
at_handler cmqtt_acquire_set, cmqtt_acquire_read;
at_handler cmqtt_release_set;

/* cmqtt_config.c */
at_handler cmqtt_config_set, cmqtt_config_read;
at_handler cmqtt_context_set, cmqtt_context_read;

/* cmqtt_drafts.c; which: enum cmqtt_draft */
at_handler cmqtt_draft_set;

/* cmqtt_connection.c */
at_handler cmqtt_connect_set, cmqtt_connect_read;
at_handler cmqtt_disconnect_set, cmqtt_disconnect_read;

/* cmqtt_requests.c */
at_handler cmqtt_publish_set;
at_handler cmqtt_subscribe_set, cmqtt_unsubscribe_set;

/* cmqtt_tls.c */
at_handler cmqtt_tls_set, cmqtt_tls_read;
at_handler cmqtt_download_set;
at_handler cmqtt_certificates_execute;
at_handler cmqtt_delete_set;

/* cmqtt_module.c: what these hosts type besides */
at_handler cmqtt_mode_read, cmqtt_sleep_read;
at_handler cmqtt_net_open_execute, cmqtt_net_open_read, cmqtt_net_close_execute;
at_handler cmqtt_address_execute;
at_handler cmqtt_network_read;
at_handler cmqtt_identity_execute;
at_handler cmqtt_reboot_execute;

/* cmqtt_network.c */
at_handler cmqtt_ping_set;
at_handler cmqtt_time_execute;

#endif
