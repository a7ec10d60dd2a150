/* qmt_dialect.c: AT+QMT…: which commands there are, and what they are from the factory. */
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/module_table.h"
#include "core/dialect/module/radio_urcs.h"
#include "core/dialect/qmt/qmt_clients.h"
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/spelling.h"
#include "imqtt/dialect.h"
#include "imqtt/identity.h"

#if IMQTT_WITH_DIALECTS

/* Quectel's modules answer what is wrong with an AT+QMT… by ERROR, whatever AT+CMEE says. */
// clang-format off
static const struct at_command table[] = {
    {.name = "+NBAND", .set = accept_set},
    {.name = "+NCONFIG", .set = accept_set},
    {.name = "+NRB", .acts = true, .execute = accept_execute},
    {.name = "+NSONMI", .set = accept_set},
    {.name = "+QBAND", .set = accept_set},
    {.name = "+QCFG", .set = accept_set},
    {.name = "+QCFGEXT", .set = accept_set},
    {.name = "+QCGDEFCONT", .set = accept_set},
    {.name = "+QCSCON", .set = accept_set},
    {.name = "+QCSQ", .execute = qmt_quality_execute},
    {.name = "+QEDRX", .set = accept_set},
    {.name = "+QEPSMS", .set = accept_set},
    {.name = "+QFDEL", .acts = true, .takes_rest = true, .set = qmt_delete_set},
    {.name = "+QFLDS", .takes_rest = true, .execute = qmt_space_execute, .set = qmt_space_set},
    {.name = "+QFLST", .takes_rest = true, .execute = qmt_files_execute, .set = qmt_files_set},
    {.name = "+QFUPL", .acts = true, .takes_rest = true, .set = qmt_upload_set},
    {.name = "+QGMR", .execute = identity_field_execute, .which = IMQTT_REVISION},
    {.name = "+QIACT", .acts = true, .execute = qmt_activate_execute, .set = qmt_activate_set, .read = qmt_activate_read},
    {.name = "+QICFG", .set = accept_set},
    {.name = "+QICSGP", .set = qmt_context_set},
    {.name = "+QIDEACT", .acts = true, .set = qmt_deactivate_set},
    {.name = "+QIDNSCFG", .set = accept_set},
    {.name = "+QIGETERROR", .execute = qmt_fixed_read, .which = QMT_NO_ERROR},
    {.name = "+QIMODE", .set = accept_set},
    {.name = "+QINDCFG", .set = accept_set},
    {.name = "+QINISTAT", .execute = qmt_fixed_read, .which = QMT_STARTED},
    {.name = "+QISTATE", .execute = accept_execute, .set = accept_set, .read = accept_execute},
    {.name = "+QLEDMODE", .set = accept_set},
    {.name = "+QLTS", .execute = qmt_local_time_execute, .set = qmt_local_time_set},
    {.name = "+QMTCFG", .takes_rest = true, .plain_errors = true, .set = qmt_config_set, .test = qmt_config_test},
    {.name = "+QMTCLOSE", .acts = true, .takes_rest = true, .plain_errors = true, .set = qmt_close_set, .test = qmt_close_test},
    {.name = "+QMTCONN", .acts = true, .takes_rest = true, .plain_errors = true,
     .set = qmt_connect_set, .read = qmt_connect_read, .test = qmt_connect_test},
    {.name = "+QMTDISC", .acts = true, .takes_rest = true, .plain_errors = true, .set = qmt_disconnect_set, .test = qmt_disconnect_test},
    {.name = "+QMTOPEN", .acts = true, .takes_rest = true, .plain_errors = true,
     .set = qmt_open_set, .read = qmt_open_read, .test = qmt_open_test},
    {.name = "+QMTPUB", .acts = true, .takes_rest = true, .plain_errors = true, .which = QMT_PUB,
     .set = qmt_publish_set, .test = qmt_publish_test},
    {.name = "+QMTPUBEX", .acts = true, .takes_rest = true, .plain_errors = true, .which = QMT_PUBEX,
     .set = qmt_publish_set, .test = qmt_publish_test},
    {.name = "+QMTRECV", .acts = true, .takes_rest = true, .plain_errors = true, .set = qmt_receive_set, .read = qmt_receive_read},
    {.name = "+QMTSUB", .acts = true, .takes_rest = true, .plain_errors = true, .set = qmt_subscribe_set, .test = qmt_subscribe_test},
    {.name = "+QMTUNS", .acts = true, .takes_rest = true, .plain_errors = true, .set = qmt_unsubscribe_set, .test = qmt_unsubscribe_test},
    {.name = "+QNBIOTEVENT", .set = accept_set},
    {.name = "+QNTP", .acts = true, .set = qmt_time_server_set},
    {.name = "+QNWINFO", .execute = qmt_network_execute},
    {.name = "+QPING", .acts = true, .set = qmt_ping_set},
    {.name = "+QPOWD", .acts = true, .execute = qmt_power_down_execute, .set = qmt_power_down_set},
    {.name = "+QPSMS", .set = accept_set},
    {.name = "+QREGSWT", .set = accept_set},
    {.name = "+QSCLK", .set = accept_set, .read = qmt_fixed_read, .which = QMT_NO_SLEEP},
    {.name = "+QSIMDET", .set = accept_set},
    {.name = "+QSIMSTAT", .set = accept_set, .read = qmt_fixed_read, .which = QMT_SIM_INSERTED},
    {.name = "+QSSLCFG", .takes_rest = true, .set = qmt_tls_set, .test = qmt_tls_test},
    {.name = "+QURCCFG", .set = accept_set},
};

static const struct at_command view[] = {{.read = basic_view}, {.read = error_form_read}};
// clang-format on

static const struct setting_value factory[] = {{SETTING_ERROR_FORM, 1}};

const struct imqtt_dialect imqtt_dialect_qmt = {
    .commands = {.commands = table, .count = sizeof table / sizeof table[0], .base = &module_table},
    .view = {.commands = view, .count = sizeof view / sizeof view[0]},
    .say_booted = qmt_say_booted,
    .say_session = qmt_say_session,
    .say_radio = say_radio_change,
    .factory = factory,
    .factory_count = sizeof factory / sizeof factory[0],
    .wide_limits = true,
    .prepare = qmt_prepare,
    .clients = QMT_INDEX_MAX + 1,
};

#endif
