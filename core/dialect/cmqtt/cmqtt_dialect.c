/* cmqtt_dialect.c: AT+CMQTT…: which commands there are. */
#include "core/dialect/cmqtt/cmqtt_clients.h"
#include "core/dialect/cmqtt/cmqtt_commands.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

/* An error of MQTT, of the network or of a file is ERROR, behind a line with its number where it has
 * one, whatever AT+CMEE says. */
// clang-format off
#define MQTT .acts = true, .takes_rest = true, .plain_errors = true
#define DRAFT(kind) MQTT, .set = cmqtt_draft_set, .which = kind
static const struct at_command table[] = {
    {.name = "+CATR", .set = accept_set},
    {.name = "+CCERTDELE", MQTT, .set = cmqtt_delete_set},
    {.name = "+CCERTDOWN", MQTT, .set = cmqtt_download_set},
    {.name = "+CCERTLIST", .takes_rest = true, .plain_errors = true, .execute = cmqtt_certificates_execute},
    {.name = "+CDNSCFG", .set = accept_set},
    {.name = "+CFGRI", .set = accept_set},
    {.name = "+CGSOCKCONT", .set = accept_set},
    {.name = "+CIPCCFG", .set = accept_set},
    {.name = "+CIPCFG", .set = accept_set},
    {.name = "+CIPHEAD", .set = accept_set},
    {.name = "+CIPMODE", .set = accept_set},
    {.name = "+CIPRXGET", .set = accept_set},
    {.name = "+CIPSENDMODE", .set = accept_set},
    {.name = "+CIPSRIP", .set = accept_set},
    {.name = "+CIPTIMEOUT", .set = accept_set},
    {.name = "+CMNB", .set = accept_set},
    {.name = "+CMQTTACCQ", MQTT, .set = cmqtt_acquire_set, .read = cmqtt_acquire_read},
    {.name = "+CMQTTCFG", .takes_rest = true, .plain_errors = true, .set = cmqtt_config_set, .read = cmqtt_config_read},
    {.name = "+CMQTTCONNECT", MQTT, .set = cmqtt_connect_set, .read = cmqtt_connect_read},
    {.name = "+CMQTTDISC", MQTT, .set = cmqtt_disconnect_set, .read = cmqtt_disconnect_read},
    {.name = "+CMQTTPAYLOAD", DRAFT(CMQTT_DRAFT_PAYLOAD)},
    {.name = "+CMQTTPUB", MQTT, .set = cmqtt_publish_set},
    {.name = "+CMQTTREL", MQTT, .set = cmqtt_release_set},
    {.name = "+CMQTTSSLCFG", .takes_rest = true, .plain_errors = true, .set = cmqtt_context_set, .read = cmqtt_context_read},
    {.name = "+CMQTTSTART", MQTT, .execute = cmqtt_start_execute},
    {.name = "+CMQTTSTOP", MQTT, .execute = cmqtt_stop_execute},
    {.name = "+CMQTTSUB", MQTT, .set = cmqtt_subscribe_set},
    {.name = "+CMQTTSUBTOPIC", DRAFT(CMQTT_DRAFT_SUBSCRIBE)},
    {.name = "+CMQTTTOPIC", DRAFT(CMQTT_DRAFT_TOPIC)},
    {.name = "+CMQTTUNSUB", MQTT, .set = cmqtt_unsubscribe_set},
    {.name = "+CMQTTUNSUBTOPIC", DRAFT(CMQTT_DRAFT_UNSUBSCRIBE)},
    {.name = "+CMQTTWILLMSG", DRAFT(CMQTT_DRAFT_WILL_MESSAGE)},
    {.name = "+CMQTTWILLTOPIC", DRAFT(CMQTT_DRAFT_WILL_TOPIC)},
    {.name = "+CNAOP", .set = accept_set},
    {.name = "+CNMP", .set = accept_set, .read = cmqtt_mode_read},
    {.name = "+CNTP", .acts = true, .execute = cmqtt_time_execute, .set = accept_set},
    {.name = "+CPING", .acts = true, .takes_rest = true, .plain_errors = true, .set = cmqtt_ping_set},
    {.name = "+CPOF", .acts = true, .execute = cmqtt_reboot_execute},
    {.name = "+CPSI", .read = cmqtt_network_read},
    {.name = "+CRESET", .acts = true, .execute = cmqtt_reboot_execute},
    {.name = "+CSCLK", .set = accept_set, .read = cmqtt_sleep_read},
    {.name = "+CSOCKAUTH", .set = accept_set},
    {.name = "+CSOCKSETPN", .set = accept_set},
    {.name = "+CSSLCFG", .takes_rest = true, .plain_errors = true, .set = cmqtt_tls_set, .read = cmqtt_tls_read},
    {.name = "+IPADDR", .plain_errors = true, .execute = cmqtt_address_execute},
    {.name = "+NETCLOSE", .acts = true, .plain_errors = true, .execute = cmqtt_net_close_execute},
    {.name = "+NETOPEN", .acts = true, .plain_errors = true,
     .execute = cmqtt_net_open_execute, .read = cmqtt_net_open_read},
    {.name = "I", .execute = cmqtt_identity_execute},
};

static const struct at_command view[] = {{.read = basic_view}, {.read = error_form_read}};
// clang-format on

const struct imqtt_dialect imqtt_dialect_cmqtt = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0], .base = &module_table},
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
    .say_booted = cmqtt_say_booted,
    .say_session = cmqtt_say_session,
    .say_radio = say_radio_change,
    .wide_limits = true,
    .prepare = cmqtt_prepare,
    .clients = CMQTT_INDEX_MAX + 1,
};

#endif
