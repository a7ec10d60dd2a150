/* ica_dialect.c: the AT+IMQTT… of ICA modules: which commands there are, and what they are from the
 * factory. What is not otherwise here is as commands.md has it. */
#include "core/dialect/ica/ica_commands.h"
#include "core/dialect/imqtt/imqtt_commands.h"
#include "core/dialect/imqtt/imqtt_urcs.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/dialect/module/setting_params.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

#if IMQTT_WITH_DIALECTS

// clang-format off
static const struct at_command table[] = {
    {.name = "+CPIN", .read = ica_sim_read},
    {.name = "+IMQTTADDR", .takes_rest = true, .set = address_set, .read = address_read},
    {.name = "+IMQTTAUTH", .takes_rest = true, .set = ica_auth_set, .read = auth_view},
    {.name = "+IMQTTCERT", .acts = true, .takes_rest = true, .set = certificate_set},
    {.name = "+IMQTTCONN", .acts = true, .takes_rest = true, .execute = ica_connect_execute},
    {.name = "+IMQTTDISCONN", .acts = true, .takes_rest = true, .execute = disconnect_execute},
    {.name = "+IMQTTDYNREG", .acts = true, .takes_rest = true, .set = dynreg_set, .read = dynreg_view},
    {.name = "+IMQTTERR", .takes_rest = true, .read = diagnosis_read},
    {.name = "+IMQTTLWT", .takes_rest = true, .set = will_set, .read = will_read},
    {.name = "+IMQTTLWTBIN", .takes_rest = true, .set = will_hex_set, .read = will_hex_read},
    {.name = "+IMQTTMODE", .takes_rest = true, .set = ica_mode_set, .read = ica_mode_read},
    {.name = "+IMQTTOPEN", .takes_rest = true, .set = ica_open_set, .read = ica_open_read},
    {.name = "+IMQTTPARA", .takes_rest = true, .set = ica_para_set, .read = ica_para_read},
    {.name = "+IMQTTPUB", .acts = true, .takes_rest = true, .set = ica_publish_set},
    {.name = "+IMQTTPUBEX", .acts = true, .takes_rest = true, .set = publish_data_set, .read = publish_data_read},
    {.name = "+IMQTTPUBIN", .acts = true, .takes_rest = true, .set = ica_publish_hex_set},
    {.name = "+IMQTTRCVCFG", .takes_rest = true, .set = ica_receive_set, .read = ica_receive_read},
    {.name = "+IMQTTRCVPUB", .takes_rest = true, .read = ica_last_message_read},
    {.name = "+IMQTTRECONN", .takes_rest = true, .set = reconnect_set, .read = reconnect_read},
    {.name = "+IMQTTRECV", .acts = true, .takes_rest = true, .set = receive_set, .read = receive_read, .test = receive_test},
    {.name = "+IMQTTRECVMODE", .takes_rest = true, .set = setting_set, .read = receive_mode_read, .which = SETTING_RECEIVE_MODE},
    {.name = "+IMQTTSTATE", .takes_rest = true, .read = ica_state_read},
    {.name = "+IMQTTSUB", .acts = true, .takes_rest = true, .set = ica_subscribe_set, .read = subscribe_read},
    {.name = "+IMQTTTLS", .takes_rest = true, .set = tls_set, .read = tls_read},
    {.name = "+IMQTTUNSUB", .acts = true, .takes_rest = true, .set = ica_unsubscribe_set, .read = unsubscribe_read},
    {.name = "+IMQTTUSER", .takes_rest = true, .set = user_set, .read = user_read},
    {.name = "+NVSETBAND", .set = ica_band_set},
    {.name = "+XIIC", .set = ica_link_set, .read = ica_link_read},
};

static const struct at_command view[] = {
    {.read = basic_view}, {.read = error_form_read}, {.read = ica_mode_read}, {.read = ica_open_read},
    {.read = ica_para_read}, {.read = ica_receive_read}, {.read = auth_view}, {.read = will_view},
    {.read = reconnect_view},
};
// clang-format on

/* No echo: AliOS's own host never sends ATE0, and takes an echoed SUB for the answer. AT+CMEE 1: it
 * does not see a plain ERROR. */
static const struct setting_value factory[] = {
    {SETTING_ECHO, 0},
    {SETTING_ERROR_FORM, 1},
    {SETTING_MODE, MODE_ALIYUN},
    {SETTING_TIMEOUT_S, 3},
    {SETTING_CLEAN_SESSION, 0},
    {SETTING_KEEP_ALIVE_S, 120},
    {SETTING_VERSION, VERSION_3_1_1},
};

const struct imqtt_dialect imqtt_dialect_ica = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0], .base = &module_table},
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
    .say_booted = ica_say_booted,
    .say_session = ica_say_session,
    .say_radio = say_radio_change,
    .say_dynreg = say_dynreg,
    .factory = factory,
    .factory_count = sizeof factory / sizeof factory[0],
    .wide_limits = true,
};

#endif
