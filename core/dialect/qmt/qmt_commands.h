/* qmt_commands.h: AT+QMT…: hosts of Quectel's modules (docs/dialects/qmt.md). */
#ifndef CORE_DIALECT_QMT_QMT_COMMANDS_H
#define CORE_DIALECT_QMT_QMT_COMMANDS_H

#include "core/at/command.h"

/* qmt_config.c */
at_handler qmt_config_set, qmt_config_test;

/* qmt_connection.c */
at_handler qmt_open_set, qmt_open_read, qmt_open_test;
at_handler qmt_connect_set, qmt_connect_read, qmt_connect_test;
at_handler qmt_disconnect_set, qmt_disconnect_test;
at_handler qmt_close_set, qmt_close_test;

/* qmt_requests.c; which: QMT_PUB or QMT_PUBEX */
at_handler qmt_subscribe_set, qmt_subscribe_test;
at_handler qmt_unsubscribe_set, qmt_unsubscribe_test;
at_handler qmt_publish_set, qmt_publish_test;

/* qmt_receive.c */
at_handler qmt_receive_set, qmt_receive_read;

/* qmt_tls.c, qmt_files.c */
at_handler qmt_tls_set, qmt_tls_test;
at_handler qmt_upload_set;
at_handler qmt_files_execute, qmt_files_set;
at_handler qmt_delete_set;
at_handler qmt_space_execute, qmt_space_set;

/* qmt_module.c: what these hosts type besides */
at_handler qmt_context_set;
at_handler qmt_activate_set, qmt_activate_read, qmt_deactivate_set;
at_handler qmt_quality_execute, qmt_network_execute;
enum qmt_fixed { QMT_SIM_INSERTED, QMT_STARTED, QMT_NO_ERROR, QMT_NO_SLEEP };
at_handler qmt_fixed_read; /* which: enum qmt_fixed */
at_handler qmt_ping_set;
at_handler qmt_activate_execute;
at_handler qmt_power_down_execute, qmt_power_down_set;

/* qmt_time.c */
at_handler qmt_time_server_set;
at_handler qmt_local_time_execute, qmt_local_time_set;

#endif
