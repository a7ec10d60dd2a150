/* module_table.c: what every module has beside MQTT, and what drivers of other makers' set up and do not
 * use, as the base of another maker's table: a row of that table by the same name goes before. */
#include "core/dialect/module/families.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/dialect/module/setting_params.h"
#include "imqtt/identity.h"

#if IMQTT_WITH_DIALECTS

/* Sorted by name. */
// clang-format off
static const struct at_command table[] = {
    SERIAL({.name = "&C", .execute = inert_execute, .which = SETTING_AND_C})
    SERIAL({.name = "&D", .execute = inert_execute, .which = SETTING_AND_D})
    PROFILE({.name = "&F", .acts = true, .execute = profile_factory})
    SERIAL({.name = "&K", .execute = inert_execute, .which = SETTING_AND_K})
    PROFILE({.name = "&V", .execute = profile_view})
    PROFILE({.name = "&W", .acts = true, .execute = profile_write})
    IDENTITY({.name = "+CBC", .execute = battery_execute, .test = battery_test})
    IDENTITY({.name = "+CCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_CCID})
    CLOCK({.name = "+CCLK", .set = clock_set_time, .read = clock_read_time})
    RADIO({.name = "+CEDRXS", .set = discontinuous_set, .read = discontinuous_read,
           .test = discontinuous_test})
    RADIO({.name = "+CEREG", .set = setting_set, .read = report_read, .test = report_test,
           .which = SETTING_CEREG})
    RADIO({.name = "+CESQ", .execute = quality_execute, .test = quality_test})
    RADIO({.name = "+CFUN", .acts = true, .set = function_set, .read = function_read, .test = function_test})
    RADIO({.name = "+CGACT", .acts = true, .set = activation_set, .read = activation_read,
           .test = activation_test})
    RADIO({.name = "+CGATT", .acts = true, .set = attach_set, .read = attach_read, .test = attach_test})
    {.name = "+CGAUTH", .set = accept_set},
    RADIO({.name = "+CGCONTRDP",
           .execute = context_parameters_execute,
           .set = context_parameters_set, .test = context_parameters_test})
    RADIO({.name = "+CGDCONT", .set = context_set, .read = context_read, .test = context_test})
    RADIO({.name = "+CGEREP", .set = event_report_set, .read = event_report_read,
           .test = event_report_test})
    IDENTITY({.name = "+CGMI", .execute = identity_field_execute, .which = IMQTT_MANUFACTURER})
    IDENTITY({.name = "+CGMM", .execute = identity_field_execute, .which = IMQTT_MODEL})
    IDENTITY({.name = "+CGMR", .execute = identity_field_execute, .which = IMQTT_REVISION})
    RADIO({.name = "+CGPADDR",
           .execute = context_address_execute,
           .set = context_address_set, .test = context_address_test})
    RADIO({.name = "+CGREG", .set = setting_set, .read = report_read, .test = report_test,
           .which = SETTING_CGREG})
    {.name = "+CGSMS", .set = accept_set},
    IDENTITY({.name = "+CGSN",
              .execute = identity_field_execute, .which = IMQTT_IMEI,
              .set = serial_number_set, .test = serial_number_test})
    IDENTITY({.name = "+CICCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_ICCID})
    IDENTITY({.name = "+CIMI", .execute = imsi_execute})
    {.name = "+CLAC", .execute = command_list_execute},
    {.name = "+CLIP", .set = accept_set},
    CLOCK({.name = "+CLTS", .set = setting_set, .read = inert_read, .test = inert_test,
           .which = SETTING_CLTS})
    {.name = "+CLVL", .set = accept_set},
    {.name = "+CMEE", .set = setting_set, .read = error_form_read, .test = error_form_test,
     .which = SETTING_ERROR_FORM},
    {.name = "+CMGD", .set = accept_set},
    {.name = "+CMGF", .set = accept_set},
    {.name = "+CMGL", .execute = accept_execute, .set = accept_set},
    {.name = "+CMUT", .set = accept_set},
    {.name = "+CNMI", .set = accept_set},
    IDENTITY({.name = "+CNUM", .execute = telephone_execute})
    RADIO({.name = "+COPS", .acts = true, .set = operator_set, .read = operator_read, .test = operator_test})
    {.name = "+CPAS", .execute = activity_execute},
    RADIO({.name = "+CPIN", .read = sim_read})
    {.name = "+CPMS", .set = message_storage_set},
    RADIO({.name = "+CPSMS", .set = power_saving_set, .read = power_saving_read,
           .test = power_saving_test})
    {.name = "+CRC", .set = accept_set},
    RADIO({.name = "+CREG", .set = setting_set, .read = report_read, .test = report_test,
           .which = SETTING_CREG})
    IDENTITY({.name = "+CRSM", .acts = true, .set = sim_file_set})
    {.name = "+CSCA", .set = accept_set},
    {.name = "+CSCON", .set = accept_set, .read = signalling_read},
    IDENTITY({.name = "+CSCS", .set = character_set_set, .read = character_set_read,
              .test = character_set_test})
    {.name = "+CSDH", .set = accept_set},
    {.name = "+CSMP", .set = accept_set},
    RADIO({.name = "+CSQ", .execute = signal_execute, .test = signal_test})
    CLOCK({.name = "+CTZR", .set = zone_report_set, .read = zone_report_read,
           .test = zone_report_test})
    CLOCK({.name = "+CTZU", .set = time_update_set, .read = time_update_read,
           .test = time_update_test})
    {.name = "+CVHU", .set = accept_set},
    SERIAL({.name = "+FCLASS", .set = fax_class_set, .read = fax_class_read,
            .test = fax_class_test})
    IDENTITY({.name = "+GMI", .execute = identity_field_execute, .which = IMQTT_MANUFACTURER})
    IDENTITY({.name = "+GMM", .execute = identity_field_execute, .which = IMQTT_MODEL})
    IDENTITY({.name = "+GMR", .execute = identity_field_execute, .which = IMQTT_REVISION})
    IDENTITY({.name = "+GSN", .execute = identity_field_execute, .which = IMQTT_IMEI})
    IDENTITY({.name = "+ICCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_ICCID})
    {.name = "+ICF", .set = accept_set},
    SERIAL({.name = "+IFC", .set = flow_set, .read = flow_read, .test = flow_test})
    SERIAL({.name = "+IPR", .set = speed_set, .read = speed_read, .test = speed_test})
    IDENTITY({.name = "+QCCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_QCCID})
    CLOCK({.name = "+QNITZ", .set = setting_set, .read = inert_read, .test = inert_test,
           .which = SETTING_QNITZ})
    {.name = "E", .execute = basic_echo},
    SERIAL({.name = "H", .acts = true, .execute = hang_up_execute})
    IDENTITY({.name = "I", .execute = identity_execute})
    SERIAL({.name = "L", .execute = inert_execute, .which = SETTING_L})
    SERIAL({.name = "M", .execute = inert_execute, .which = SETTING_M})
    {.name = "Q", .execute = basic_quiet},
    SERIAL({.name = "S0", .set = setting_set, .read = register_read, .which = SETTING_S0})
    SERIAL({.name = "S10", .set = setting_set, .read = register_read, .which = SETTING_S10})
    {.name = "S3", .set = setting_set, .read = register_read, .which = SETTING_S3},
    {.name = "S4", .set = setting_set, .read = register_read, .which = SETTING_S4},
    {.name = "S5", .set = setting_set, .read = register_read, .which = SETTING_S5},
    SERIAL({.name = "S6", .set = setting_set, .read = register_read, .which = SETTING_S6})
    SERIAL({.name = "S7", .set = setting_set, .read = register_read, .which = SETTING_S7})
    SERIAL({.name = "S8", .set = setting_set, .read = register_read, .which = SETTING_S8})
    SERIAL({.name = "S9", .set = setting_set, .read = register_read, .which = SETTING_S9})
    {.name = "V", .execute = basic_verbose},
    SERIAL({.name = "X", .execute = inert_execute, .which = SETTING_X})
    PROFILE({.name = "Z", .acts = true, .execute = profile_reset})
};
// clang-format on

const struct at_table module_table = {.commands = table, .count = sizeof table / sizeof table[0]};

#endif
