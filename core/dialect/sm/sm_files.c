/* sm_files.c: AT+CFSINIT, CFSWFILE, CFSGFIS, CFSRFILE, CFSDFILE and CFSTERM: certificates and keys as
 * files. A key is never read back. */
#include "core/dialect/module/answers.h"
#include "core/dialect/sm/sm_client.h"
#include "core/dialect/sm/sm_commands.h"
#include "core/modem/certificate_service.h"
#include "core/modem/data_prompt.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

enum { DIRECTORY_MAX = 3, TIME_MIN_MS = 100, TIME_MAX_MS = 10000 };

/* ---- AT+CFSINIT, CFSTERM -------------------------------------------------------------------------- */

static bool are_open(const struct imqtt_modem *modem)
{
    return sm_number(modem, SM_FILES_OPEN) == 1;
}

enum imqtt_status sm_files_open_execute(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? sm_put_number(call->context, SM_FILES_OPEN, 1) : status;
}

enum imqtt_status sm_files_close_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = params_end(call->params);
    if (status == IMQTT_DONE && !are_open(modem))
        status = IMQTT_NOT_ALLOWED;
    return status == IMQTT_DONE ? sm_put_number(modem, SM_FILES_OPEN, 0) : status;
}

/* ---- one file ------------------------------------------------------------------------------------- */

/* A directory, which makes no difference, and a name. */
static struct span take_name(struct params *params)
{
    params_number(params, 0, DIRECTORY_MAX);
    struct text name = params_text(params, CERTIFICATE_NAME_BYTES);
    if (name.raw.count == 0 || name.escapes > 0)
        params_fail(params, IMQTT_BAD_PARAMETERS);
    return name.raw;
}

/* The end of the parameters; the files are open. */
static enum imqtt_status end_params(struct at_call *call)
{
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE && !are_open(call->context) ? IMQTT_NOT_ALLOWED : status;
}

static enum imqtt_status find(struct at_call *call, struct span name, struct certificate *file)
{
    const struct imqtt_modem *modem = call->context;
    enum imqtt_status status = end_params(call);
    if (status != IMQTT_DONE)
        return status;
    return certificates_find(&modem->certificates, name, file) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
}

enum imqtt_status sm_file_size_set(struct at_call *call)
{
    struct certificate file;
    enum imqtt_status status = find(call, take_name(call->params), &file);
    if (status != IMQTT_DONE)
        return status;
    return answer_number(call, "+CFSGFIS: ", (uint32_t)file.bytes.count);
}

enum imqtt_status sm_file_delete_set(struct at_call *call)
{
    struct certificate file;
    struct span name = take_name(call->params);
    enum imqtt_status status = find(call, name, &file);
    return status == IMQTT_DONE ? certificate_drop(call->context, &name) : status;
}

/* ---- AT+CFSWFILE ---------------------------------------------------------------------------------- */

/* The whole file lies among the settings until it is stored: its two parts do not lie side by side. */
static enum imqtt_status append(struct imqtt_modem *modem, const struct certificate *old)
{
    struct span data = modem_data(modem);
    struct certificate file = {.kind = IMQTT_PEM_ANY, .name = old->name};
    struct out whole;
    if (old->bytes.count + data.count > IMQTT_CERTIFICATE_BYTES ||
        !client_begin_string(&modem->clients, SM_CLIENT, SM_FILE_DRAFT,
                             old->bytes.count + data.count, &whole))
        return IMQTT_UNKNOWN_ERROR;
    out_span(&whole, old->bytes);
    out_span(&whole, data);
    file.bytes = out_written(&whole);
    enum imqtt_status status = certificate_keep(modem, &file);
    client_forget(&modem->clients, SM_CLIENT, SM_FILE_DRAFT);
    return status;
}

static enum imqtt_status write(struct imqtt_modem *modem, struct span name, bool appends)
{
    struct certificate old,
        file = {.kind = IMQTT_PEM_ANY, .name = name, .bytes = modem_data(modem)};
    if (!appends || !certificates_find(&modem->certificates, name, &old))
        return certificate_keep(modem, &file);
    old.name = name; /* not the one in the store, which is replaced */
    return append(modem, &old);
}

enum imqtt_status sm_file_write_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct span name = take_name(call->params);
    bool appends = params_number(call->params, 0, 1) == 1;
    struct typed_wish wish = {.end = TYPED_BY_COUNT,
                              .bytes = params_number(call->params, 1, IMQTT_CERTIFICATE_BYTES)};
    wish.silence_ms = params_number(call->params, TIME_MIN_MS, TIME_MAX_MS);
    enum imqtt_status status = end_params(call);
    if (status != IMQTT_DONE)
        return status;
    return modem_has_data(modem) ? write(modem, name, appends)
                                 : modem_prompt(modem, "\r\nDOWNLOAD\r\n", &wish);
}

/* ---- AT+CFSRFILE ---------------------------------------------------------------------------------- */

static bool begins_with(struct span bytes, const char *text)
{
    struct span begin;
    return span_take(&bytes, strlen(text), &begin) && span_equal(begin, span_text(text));
}

static bool has_key(struct span bytes)
{
    for (; bytes.count > 0; span_skip(&bytes, 1))
        if (begins_with(bytes, "PRIVATE KEY"))
            return true;
    return false;
}

/* What is a certificate, and nothing else. */
static bool may_be_read(struct span bytes)
{
    return begins_with(bytes, "-----BEGIN CERTIFICATE-----") && !has_key(bytes);
}

/* <directory>,<name>,<0 whole|1 from a place on>,<length>,<place> */
enum imqtt_status sm_file_read_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct certificate file;
    struct span name = take_name(call->params), part;
    bool has_place = params_number(call->params, 0, 1) == 1;
    uint32_t count = params_number(call->params, 1, IMQTT_CERTIFICATE_BYTES);
    uint32_t place = params_number(call->params, 0, IMQTT_CERTIFICATE_BYTES);
    enum imqtt_status status = find(call, name, &file);
    if (status != IMQTT_DONE)
        return status;
    part = file.bytes;
    if (!may_be_read(file.bytes) || (has_place && !span_skip(&part, place)))
        return IMQTT_NOT_ALLOWED;
    if (part.count > count)
        part.count = count;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CFSRFILE: ");
    out_decimal(&line, (int32_t)part.count);
    out_text(&line, "\r\n");
    out_span(&line, part);
    return modem_end_line(modem, &line);
}

#endif
