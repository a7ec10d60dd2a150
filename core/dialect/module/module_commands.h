/* module_commands.h: the handlers of what every module has beside MQTT, a file a family: commands of
 * V.250 and 3GPP TS 27.007. */
#ifndef CORE_DIALECT_MODULE_MODULE_COMMANDS_H
#define CORE_DIALECT_MODULE_MODULE_COMMANDS_H

#include "core/at/command.h"

/* basic_commands.c: how the modem answers (commands.md section 6) */
at_handler basic_echo, basic_verbose, basic_quiet;
at_handler register_read; /* which: SETTING_S3, … */
at_handler error_form_read, error_form_test;
at_handler command_list_execute;

/* profile_commands.c: all settings at once */
at_handler profile_reset, profile_factory, profile_write, profile_view;
at_handler basic_view; /* its first line: a reader for the dialect's list */

/* line_commands.c: the line to the host */
at_handler speed_set, speed_read, speed_test;
at_handler flow_set, flow_read, flow_test;

/* identity_commands.c: who the modem is */
at_handler identity_execute;
at_handler identity_field_execute; /* which: enum imqtt_identity_field */
at_handler serial_number_set, serial_number_test;
at_handler imsi_execute, iccid_execute;

/* radio_commands.c: SIM, signal, registration, attachment, operator, power */
at_handler sim_read;
at_handler signal_execute, signal_test;
at_handler report_read, report_test; /* which: SETTING_CREG, … */
at_handler attach_set, attach_read, attach_test;
at_handler operator_set, operator_read, operator_test;
at_handler function_set, function_read, function_test;

/* contexts_commands.c: PDP contexts */
at_handler context_set, context_read, context_test;
at_handler activation_set, activation_read, activation_test;
at_handler context_address_execute, context_address_set, context_address_test;

/* clock_commands.c */
at_handler clock_set_time, clock_read_time;
at_handler time_update_set, time_update_read, time_update_test;
at_handler zone_report_set, zone_report_read, zone_report_test;

#endif
