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
at_handler hang_up_execute;

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
at_handler imsi_execute;
at_handler battery_execute, battery_test;

/* sim_commands.c: what is on the SIM */
enum { NUMBER_CCID, NUMBER_ICCID, NUMBER_QCCID };
at_handler sim_number_execute; /* which: how the answer begins */
at_handler sim_file_set, telephone_execute;

/* radio_commands.c: SIM, signal, registration, attachment, power */
at_handler sim_read;
at_handler signal_execute, signal_test;
at_handler quality_execute, quality_test;
at_handler report_read, report_test; /* which: SETTING_CREG, … */
at_handler attach_set, attach_read, attach_test;
at_handler function_set, function_read, function_test;

/* contexts_commands.c: PDP contexts */
at_handler context_set, context_read, context_test;
at_handler activation_set, activation_read, activation_test;
at_handler context_address_execute, context_address_set, context_address_test;
at_handler context_parameters_execute, context_parameters_set, context_parameters_test;

/* operator_commands.c */
at_handler operator_set, operator_read, operator_test;

/* inert_commands.c: kept, and without effect; which: enum setting */
at_handler inert_execute, inert_read, inert_test;
at_handler call_view; /* a reader for the dialect's list */
at_handler fax_class_set, fax_class_read, fax_class_test;
at_handler event_report_set, event_report_read, event_report_test;
at_handler power_saving_set, power_saving_read, power_saving_test;
at_handler discontinuous_set, discontinuous_read, discontinuous_test;
at_handler character_set_set, character_set_read, character_set_test;

/* telephone_commands.c, for other makers' dialects; accept: anything, without effect */
at_handler accept_set, accept_execute;
at_handler activity_execute, message_storage_set, signalling_read;

/* clock_commands.c */
at_handler clock_set_time, clock_read_time;
at_handler time_update_set, time_update_read, time_update_test;
at_handler zone_report_set, zone_report_read, zone_report_test;

#endif
