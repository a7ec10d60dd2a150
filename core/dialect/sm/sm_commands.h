/* sm_commands.h: AT+SM…: hosts of SIMCom's SIM7000, SIM7070, SIM7080 and SIM7090 (docs/dialects/sm.md). */
#ifndef CORE_DIALECT_SM_SM_COMMANDS_H
#define CORE_DIALECT_SM_SM_COMMANDS_H

#include "core/at/command.h"

/* sm_config.c */
at_handler sm_config_set, sm_config_read;
at_handler sm_hex_set, sm_hex_read;

/* sm_connection.c */
at_handler sm_connect_execute, sm_disconnect_execute;
at_handler sm_state_read;

/* sm_requests.c */
at_handler sm_publish_set;
at_handler sm_subscribe_set, sm_unsubscribe_set;

/* sm_tls.c */
at_handler sm_tls_set, sm_tls_read;
at_handler sm_context_set;

/* sm_files.c */
at_handler sm_files_open_execute, sm_files_close_execute;
at_handler sm_file_write_set, sm_file_size_set, sm_file_read_set, sm_file_delete_set;

/* sm_module.c: what these hosts type besides */
at_handler sm_activate_set, sm_activate_read;
at_handler sm_access_point_execute;
at_handler sm_mode_read, sm_preference_read;
at_handler sm_network_read;

/* sm_time.c */
at_handler sm_time_set, sm_time_execute;

/* sm_bearer.c */
at_handler sm_bearer_set;
at_handler sm_bring_up_execute, sm_address_execute;
at_handler sm_reboot_execute, sm_power_down_set;

#endif
