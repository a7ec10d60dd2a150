/* imqtt_dialect.c: AT+IMQTT…: which commands there are, what AT&V shows, and how news are said. */
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/dialect/module/families.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/dialect/module/setting_params.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

/* Sorted by name. A form without a handler is "operation not supported"; AT+X=? answers OK.
 * A row of a family that can be left out stands in that family's name. */
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
    IDENTITY({.name = "+CGSN",
              .execute = identity_field_execute, .which = IMQTT_IMEI,
              .set = serial_number_set, .test = serial_number_test})
    IDENTITY({.name = "+CICCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_ICCID})
    IDENTITY({.name = "+CIMI", .execute = imsi_execute})
    {.name = "+CLAC", .execute = command_list_execute},
    CLOCK({.name = "+CLTS", .set = setting_set, .read = inert_read, .test = inert_test,
           .which = SETTING_CLTS})
    {.name = "+CMEE", .set = setting_set, .read = error_form_read, .test = error_form_test,
     .which = SETTING_ERROR_FORM},
    IDENTITY({.name = "+CNUM", .execute = telephone_execute})
    RADIO({.name = "+COPS", .acts = true, .set = operator_set, .read = operator_read, .test = operator_test})
    RADIO({.name = "+CPIN", .read = sim_read})
    RADIO({.name = "+CPSMS", .set = power_saving_set, .read = power_saving_read,
           .test = power_saving_test})
    RADIO({.name = "+CREG", .set = setting_set, .read = report_read, .test = report_test,
           .which = SETTING_CREG})
    IDENTITY({.name = "+CRSM", .acts = true, .set = sim_file_set})
    IDENTITY({.name = "+CSCS", .set = character_set_set, .read = character_set_read,
              .test = character_set_test})
    RADIO({.name = "+CSQ", .execute = signal_execute, .test = signal_test})
    CLOCK({.name = "+CTZR", .set = zone_report_set, .read = zone_report_read,
           .test = zone_report_test})
    CLOCK({.name = "+CTZU", .set = time_update_set, .read = time_update_read,
           .test = time_update_test})
    SERIAL({.name = "+FCLASS", .set = fax_class_set, .read = fax_class_read,
            .test = fax_class_test})
    IDENTITY({.name = "+GMI", .execute = identity_field_execute, .which = IMQTT_MANUFACTURER})
    IDENTITY({.name = "+GMM", .execute = identity_field_execute, .which = IMQTT_MODEL})
    IDENTITY({.name = "+GMR", .execute = identity_field_execute, .which = IMQTT_REVISION})
    IDENTITY({.name = "+GSN", .execute = identity_field_execute, .which = IMQTT_IMEI})
    IDENTITY({.name = "+ICCID", .execute = sim_number_execute, .read = sim_number_execute,
              .which = NUMBER_ICCID})
    SERIAL({.name = "+IFC", .set = flow_set, .read = flow_read, .test = flow_test})
    {.name = "+IMQTTADDR", .takes_rest = true, .set = address_set, .read = address_read},
    ALIYUN({.name = "+IMQTTAUTH", .takes_rest = true, .set = auth_set, .read = auth_read})
    DIALECTS({.name = "+IMQTTCERT", .acts = true, .takes_rest = true, .set = certificate_set})
    {.name = "+IMQTTCONN", .acts = true, .takes_rest = true, .execute = connect_execute},
    {.name = "+IMQTTDISCONN", .acts = true, .takes_rest = true, .execute = disconnect_execute},
    ALIYUN({.name = "+IMQTTDYNREG", .acts = true, .takes_rest = true,
     .set = dynreg_set, .read = dynreg_read})
    {.name = "+IMQTTERR", .takes_rest = true, .read = diagnosis_read},
    {.name = "+IMQTTLWT", .takes_rest = true, .set = will_set, .read = will_read},
    {.name = "+IMQTTLWTBIN", .takes_rest = true, .set = will_hex_set, .read = will_hex_read},
    {.name = "+IMQTTMODE", .takes_rest = true, .set = mode_set, .read = mode_read},
    {.name = "+IMQTTPARA", .takes_rest = true, .set = para_set, .read = para_read},
    {.name = "+IMQTTPUB", .acts = true, .takes_rest = true, .set = publish_set, .read = publish_read},
    {.name = "+IMQTTPUBEX", .acts = true, .takes_rest = true, .set = publish_data_set, .read = publish_data_read},
    {.name = "+IMQTTPUBIN", .acts = true, .takes_rest = true, .set = publish_hex_set, .read = publish_hex_read},
    RECONNECT({.name = "+IMQTTRECONN", .takes_rest = true, .set = reconnect_set,
               .read = reconnect_read})
    {.name = "+IMQTTRECV", .acts = true, .takes_rest = true,
     .set = receive_set, .read = receive_read, .test = receive_test},
    {.name = "+IMQTTRECVHEX", .takes_rest = true, .set = setting_set, .read = receive_hex_read,
     .which = SETTING_RECEIVE_HEX},
    {.name = "+IMQTTRECVMODE", .takes_rest = true,
     .set = setting_set, .read = receive_mode_read, .which = SETTING_RECEIVE_MODE},
    {.name = "+IMQTTSTATE", .takes_rest = true, .read = state_read},
    {.name = "+IMQTTSUB", .acts = true, .takes_rest = true, .set = subscribe_set, .read = subscribe_read},
    DIALECTS({.name = "+IMQTTTLS", .takes_rest = true, .set = tls_set, .read = tls_read})
    {.name = "+IMQTTUNSUB", .acts = true, .takes_rest = true, .set = unsubscribe_set, .read = unsubscribe_read},
    {.name = "+IMQTTUSER", .takes_rest = true, .set = user_set, .read = user_read},
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

#if IMQTT_WITH_PROFILE
// clang-format off
/* What AT&V shows, in this order. */
static const struct at_command view[] = {
    {.read = basic_view},
    SERIAL({.read = call_view})
    {.read = error_form_read},
    SERIAL({.read = speed_read}, {.read = flow_read})
    RADIO({.read = report_read, .which = SETTING_CREG},
          {.read = report_read, .which = SETTING_CGREG},
          {.read = report_read, .which = SETTING_CEREG}, {.read = context_read})
    {.read = mode_read}, {.read = receive_hex_read}, {.read = para_read}, {.read = user_read},
    {.read = address_read}, {.read = will_view},
    RECONNECT({.read = reconnect_view})
    ALIYUN({.read = auth_view}, {.read = dynreg_view})
};
// clang-format on
#endif

const struct imqtt_dialect imqtt_dialect_default = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0]},
#if IMQTT_WITH_PROFILE
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
#endif
    .say_booted = say_booted,
    .say_session = say_session,
    .say_radio = IMQTT_WITH_RADIO ? say_radio_change : NULL,
    .say_dynreg = IMQTT_WITH_ALIYUN ? say_dynreg : NULL,
};
