/* sm_dialect.c: AT+SM…: which commands there are. */
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

/* What is wrong with an AT+SM… or a file is ERROR, whatever AT+CMEE says. */
// clang-format off
#define PLAIN .takes_rest = true, .plain_errors = true
static const struct at_command table[] = {
    {.name = "+CACID", .set = accept_set},
    {.name = "+CAPNMODE", .set = accept_set},
    {.name = "+CBANDCFG", .set = accept_set},
    {.name = "+CBATCHK", .set = accept_set},
    {.name = "+CDNSCFG", .set = accept_set},
    {.name = "+CDNSPDPID", .set = accept_set},
    {.name = "+CFSDFILE", PLAIN, .acts = true, .set = sm_file_delete_set},
    {.name = "+CFSGFIS", PLAIN, .set = sm_file_size_set},
    {.name = "+CFSINIT", PLAIN, .execute = sm_files_open_execute},
    {.name = "+CFSRFILE", PLAIN, .set = sm_file_read_set},
    {.name = "+CFSTERM", PLAIN, .execute = sm_files_close_execute},
    {.name = "+CFSWFILE", PLAIN, .acts = true, .set = sm_file_write_set},
    {.name = "+CGNAPN", .execute = sm_access_point_execute},
    {.name = "+CIFSR", .plain_errors = true, .execute = sm_address_execute},
    {.name = "+CIICR", .acts = true, .plain_errors = true, .execute = sm_bring_up_execute},
    {.name = "+CIPHEAD", .set = accept_set},
    {.name = "+CIPMODE", .set = accept_set},
    {.name = "+CIPMUX", .set = accept_set},
    {.name = "+CIPQSEND", .set = accept_set},
    {.name = "+CIPRXGET", .set = accept_set},
    {.name = "+CIPSHUT", .acts = true, .plain_errors = true, .execute = accept_execute},
    {.name = "+CIPSRIP", .set = accept_set},
    {.name = "+CMNB", .set = accept_set, .read = sm_preference_read},
    {.name = "+CNACT", .acts = true, .set = sm_activate_set, .read = sm_activate_read},
    {.name = "+CNCFG", .set = accept_set},
    {.name = "+CNETLIGHT", .set = accept_set},
    {.name = "+CNMP", .set = accept_set, .read = sm_mode_read},
    {.name = "+CNSMOD", .set = accept_set},
    {.name = "+CNTP", .acts = true, .execute = sm_time_execute, .set = sm_time_set},
    {.name = "+CNTPCID", .set = accept_set},
    {.name = "+CPOWD", .acts = true, .set = sm_power_down_set},
    {.name = "+CPSI", .read = sm_network_read},
    {.name = "+CREBOOT", .acts = true, .execute = sm_reboot_execute},
    {.name = "+CSCLK", .set = accept_set},
    {.name = "+CSGS", .set = accept_set},
    {.name = "+CSSLCFG", PLAIN, .set = sm_context_set},
    {.name = "+CSTT", .set = accept_set},
    {.name = "+CURCCFG", .set = accept_set},
    {.name = "+SAPBR", .acts = true, .plain_errors = true, .takes_rest = true, .set = sm_bearer_set},
    {.name = "+SMCONF", PLAIN, .set = sm_config_set, .read = sm_config_read},
    {.name = "+SMCONN", PLAIN, .acts = true, .execute = sm_connect_execute},
    {.name = "+SMDISC", PLAIN, .acts = true, .execute = sm_disconnect_execute},
    {.name = "+SMPUB", PLAIN, .acts = true, .set = sm_publish_set},
    {.name = "+SMPUBHEX", PLAIN, .set = sm_hex_set, .read = sm_hex_read},
    {.name = "+SMSSL", PLAIN, .set = sm_tls_set, .read = sm_tls_read},
    {.name = "+SMSTATE", PLAIN, .read = sm_state_read},
    {.name = "+SMSUB", PLAIN, .acts = true, .set = sm_subscribe_set},
    {.name = "+SMUNSUB", PLAIN, .acts = true, .set = sm_unsubscribe_set},
};

static const struct at_command view[] = {{.read = basic_view}, {.read = error_form_read}};
// clang-format on

const struct imqtt_dialect imqtt_dialect_sm = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0], .base = &module_table},
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
    .say_booted = sm_say_booted,
    .say_session = sm_say_session,
    .say_radio = say_radio_change,
    .wide_limits = true,
    .prepare = sm_prepare,
};

#endif
