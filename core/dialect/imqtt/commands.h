/* commands.h: the modem's commands, one line each in commands.c; their handlers, a file a family.
 */
#ifndef CORE_DIALECT_IMQTT_COMMANDS_H
#define CORE_DIALECT_IMQTT_COMMANDS_H

#include "core/at/command.h"

/* basic.c: how the modem answers (commands.md section 6) */
at_handler basic_echo, basic_verbose, basic_quiet;
at_handler register_set, register_read; /* which: enum s_register */
at_handler error_form_set, error_form_read, error_form_test;
at_handler command_list_execute;
at_handler hang_up_execute;

/* profile.c: all settings at once */
at_handler profile_reset, profile_factory, profile_write, profile_view;

/* terminal.c: the line to the host */
at_handler speed_set, speed_read, speed_test;
at_handler flow_set, flow_read, flow_test;

/* identity.c: who the modem is */
at_handler identity_execute;
at_handler identity_field_execute; /* which: enum imqtt_identity_field */
at_handler serial_number_set, serial_number_test;
at_handler imsi_execute;
at_handler battery_execute, battery_test;

/* sim_commands.c: what is on the SIM */
enum { NUMBER_CCID, NUMBER_ICCID, NUMBER_QCCID };
at_handler sim_number_execute; /* which: how the answer begins */
at_handler sim_file_set, telephone_execute;

/* radio.c: SIM, signal, registration, attachment, operator, power */
at_handler sim_read;
at_handler signal_execute, signal_test;
at_handler quality_execute, quality_test;
at_handler report_set, report_read, report_test; /* which: enum report */
at_handler attach_set, attach_read, attach_test;
at_handler operator_set, operator_read, operator_test;
at_handler function_set, function_read, function_test;

/* contexts.c: PDP contexts */
at_handler context_set, context_read, context_test;
at_handler activation_set, activation_read, activation_test;
at_handler context_address_execute, context_address_set, context_address_test;
at_handler context_parameters_execute, context_parameters_set, context_parameters_test;

/* clock.c */
at_handler clock_set_time, clock_read_time;
at_handler time_update_set, time_update_read, time_update_test;
at_handler zone_report_set, zone_report_read, zone_report_test;

/* config.c: M2.1 to M2.6 */
at_handler mode_set, mode_read;
at_handler para_set, para_read;
at_handler user_set, user_read;
at_handler address_set, address_read;
at_handler will_set, will_read;
at_handler will_hex_set, will_hex_read;

/* connection.c: M2.7, M2.8, M2.14 and AT+IMQTTERR? */
at_handler connect_execute, disconnect_execute, state_read, diagnosis_read;

/* subscribe.c: M2.9, M2.10 */
at_handler subscribe_set, subscribe_read, unsubscribe_set, unsubscribe_read;

/* publish.c: M2.11 to M2.13 */
at_handler publish_set, publish_read;
at_handler publish_hex_set, publish_hex_read;
at_handler publish_data_set, publish_data_read;

/* receive.c: M2.17, M2.18, and AT+IMQTTRECVHEX */
at_handler receive_mode_set, receive_mode_read;
at_handler receive_hex_set, receive_hex_read;
at_handler receive_set, receive_read, receive_test;

/* aliyun.c: M2.15, M2.16 */
at_handler auth_set, auth_read;
at_handler registration_set, registration_read;
at_handler auth_view, registration_view; /* for AT&V */

#endif
