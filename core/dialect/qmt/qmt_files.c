/* qmt_files.c: AT+QFUPL, QFLST, QFDEL and QFLDS: certificates and keys as files. None is read back. */
#include "core/dialect/qmt/qmt_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { UPLOAD_S = 5, UPLOAD_MAX_S = 65535, ACK_BYTES = 1024 };

static struct span take_name(struct params *params)
{
    struct text name = params_text(params, CERTIFICATE_NAME_BYTES);
    struct span raw = name.raw, prefix;
    if (span_take(&raw, 4, &prefix) && !span_equal_ignoring_case(prefix, span_text("UFS:")))
        raw = name.raw;
    if (raw.count == 0 || name.escapes > 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return raw;
}

/* ---- AT+QFUPL ------------------------------------------------------------------------------------ */

/* Of words, the high byte first; the last one of an odd count has a low byte of 0. */
static uint16_t checksum_of(struct span bytes)
{
    uint16_t sum = 0;
    for (size_t i = 0; i < bytes.count; i++)
        sum = (uint16_t)(sum ^ (i % 2 == 0 ? bytes.bytes[i] << 8 : bytes.bytes[i]));
    return sum;
}

static void put_hex(struct out *line, uint16_t number)
{
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned digit = number >> shift & 0xFU;
        begun |= digit != 0 || shift == 0;
        if (begun)
            out_u8(line, (uint8_t) "0123456789abcdef"[digit]);
    }
}

static enum imqtt_status keep(struct imqtt_modem *modem, struct span name)
{
    struct certificate file = {IMQTT_PEM_ANY, name, modem_data(modem)};
    enum imqtt_status status = certificate_keep(modem, &file);
    if (status != IMQTT_DONE && status != IMQTT_PENDING)
        return status;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QFUPL: ");
    out_decimal(&line, (int32_t)file.bytes.count);
    out_u8(&line, ',');
    put_hex(&line, checksum_of(file.bytes));
    modem_end_line(modem, &line);
    return status;
}

enum imqtt_status qmt_upload_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    struct span name = take_name(params);
    struct typed_wish wish = {.end = TYPED_BY_COUNT,
                              .bytes = params_number(params, 1, IMQTT_CERTIFICATE_BYTES)};
    wish.silence_ms = params_optional_number(params, 1, UPLOAD_MAX_S, UPLOAD_S) * 1000;
    wish.ack_bytes = params_optional_number(params, 0, 1, 0) == 1 ? ACK_BYTES : 0;
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return modem_has_data(modem) ? keep(modem, name)
                                 : modem_prompt(modem, "\r\nCONNECT\r\n", &wish);
}

/* ---- AT+QFLST, QFDEL, QFLDS ---------------------------------------------------------------------- */

static bool is_all(struct span name)
{
    return span_equal(name, span_text("*"));
}

static enum imqtt_status list(struct imqtt_modem *modem, struct span wanted)
{
    struct span rest = certificates_all(&modem->certificates);
    struct certificate file;
    enum imqtt_status status = IMQTT_DONE;
    while (status == IMQTT_DONE && certificates_next(&rest, &file)) {
        if (!is_all(wanted) && !span_equal(wanted, file.name))
            continue;
        struct out line = modem_begin_line(modem);
        out_text(&line, "+QFLST: \"");
        out_span(&line, file.name);
        out_text(&line, "\",");
        out_decimal(&line, (int32_t)file.bytes.count);
        status = modem_end_line(modem, &line);
    }
    return status;
}

enum imqtt_status qmt_files_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? list(call->context, span_text("*")) : status;
}

enum imqtt_status qmt_files_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span name = take_name(call->params);
    struct certificate file;
    enum imqtt_status status = params_end(call->params);
    if (status != IMQTT_DONE)
        return status;
    if (!is_all(name) && !certificates_find(&modem->certificates, name, &file))
        return IMQTT_NO_SUCH_FILE;
    return list(modem, name);
}

enum imqtt_status qmt_delete_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span name = take_name(call->params);
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE)
        status = certificate_drop(modem, is_all(name) ? NULL : &name);
    return status == IMQTT_NOT_ALLOWED ? IMQTT_NO_SUCH_FILE : status;
}

static enum imqtt_status show_space(struct imqtt_modem *modem)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+QFLDS: ");
    out_decimal(&line, (int32_t)certificates_free_bytes(&modem->certificates));
    out_u8(&line, ',');
    out_decimal(&line, (int32_t)CERTIFICATES_BYTES);
    return modem_end_line(modem, &line);
}

enum imqtt_status qmt_space_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? show_space(call->context) : status;
}

enum imqtt_status qmt_space_set(struct at_call *call)
{
    params_text(call->params, CERTIFICATE_NAME_BYTES);
    return qmt_space_execute(call);
}

#endif
