/* contexts_commands.c: PDP contexts: AT+CGDCONT, CGACT, CGPADDR, CGCONTRDP (3GPP TS
 * 27.007 10.1.1, 10.1.10, 10.1.14, 10.1.23). */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/dialect/module/own_address.h"
#include "core/modem/say.h"
#include "core/modem/radio_service.h"

static const char *const type_names[] = {"", "IP", "IPV6", "IPV4V6"};

static uint8_t take_cid(struct params *params)
{
    return (uint8_t)params_number(params, 1, IMQTT_CONTEXTS);
}

/* The contexts that are named, or `otherwise` if none is. */
static uint8_t take_cids(struct params *params, uint8_t otherwise)
{
    uint8_t cids = params_more(params) ? 0 : otherwise;
    while (params_more(params))
        cids |= context_bit(take_cid(params));
    return cids;
}

static bool is_in(uint8_t cids, unsigned cid)
{
    return (cids & context_bit(cid)) != 0;
}

typedef enum imqtt_status show_function(struct imqtt_modem *modem, unsigned cid);

static enum imqtt_status show_each(struct imqtt_modem *modem, uint8_t cids, show_function *show)
{
    enum imqtt_status status = IMQTT_DONE;
    for (unsigned cid = 1; status == IMQTT_DONE && cid <= IMQTT_CONTEXTS; cid++)
        if (is_in(cids, cid))
            status = show(modem, cid);
    return status;
}

static uint8_t defined_in(const struct imqtt_modem *modem)
{
    return contexts_defined(&modem->radio.contexts);
}

/* ---- AT+CGDCONT ---------------------------------------------------------------------------- */

/* Left out before something else: what it was, or IP. */
static enum context_type take_type(const struct imqtt_modem *modem, uint8_t cid,
                                   struct params *params)
{
    enum context_type was = context_type(&modem->radio.contexts, cid);
    if (params_skip_empty(params)) {
        if (!params_more(params))
            params_fail(params, IMQTT_BAD_PARAMETERS);
        return was == CONTEXT_UNDEFINED ? CONTEXT_IP : was;
    }
    struct span name = params_text(params, SIZE_MAX).raw;
    for (enum context_type type = CONTEXT_IP; type < CONTEXT_TYPES; type++)
        if (span_equal_ignoring_case(name, span_text(type_names[type])))
            return type;
    params_fail(params, IMQTT_BAD_PARAMETERS);
    return CONTEXT_UNDEFINED;
}

static struct text take_optional_text(struct params *params, size_t max_bytes)
{
    return params_skip_empty(params) ? TEXT_EMPTY : params_text(params, max_bytes);
}

/* An address is taken and ignored; header and data are never compressed. */
static void take_the_rest(struct params *params)
{
    take_optional_text(params, SIZE_MAX);
    for (int i = 0; i < 2; i++)
        if (!params_skip_empty(params))
            params_number(params, 0, 0);
}

static enum imqtt_status define_context(struct imqtt_modem *modem, struct params *params,
                                        uint8_t cid)
{
    enum context_type type = take_type(modem, cid, params);
    struct text access_point = take_optional_text(params, IMQTT_ACCESS_POINT_BYTES);
    take_the_rest(params);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    struct out name;
    if (!contexts_define(&modem->radio.contexts, cid, type, text_bytes(access_point), &name))
        return IMQTT_UNKNOWN_ERROR;
    text_put(access_point, &name);
    return IMQTT_DONE;
}

enum imqtt_status context_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint8_t cid = take_cid(params);
    if (params_more(params))
        return define_context(modem, params, cid);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE)
        contexts_undefine(&modem->radio.contexts, cid);
    return status;
}

static enum imqtt_status show_context(struct imqtt_modem *modem, unsigned cid)
{
    const struct contexts *contexts = &modem->radio.contexts;
    struct span access_point = context_access_point(contexts, cid);
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGDCONT: ");
    out_decimal(&line, (int32_t)cid);
    out_text(&line, ",\"");
    out_text(&line, type_names[context_type(contexts, cid)]);
    out_text(&line, "\",\"");
    quoting_put_escaped(&line, access_point);
    out_text(&line, "\",\"\",0,0");
    return modem_end_line(modem, &line);
}

enum imqtt_status context_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return show_each(modem, defined_in(modem), show_context);
}

static enum imqtt_status show_type(struct imqtt_modem *modem, enum context_type type)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGDCONT: (1-");
    out_decimal(&line, IMQTT_CONTEXTS);
    out_text(&line, "),\"");
    out_text(&line, type_names[type]);
    out_text(&line, "\",,,(0),(0)");
    return modem_end_line(modem, &line);
}

enum imqtt_status context_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    enum imqtt_status status = IMQTT_DONE;
    for (enum context_type type = CONTEXT_IP; status == IMQTT_DONE && type < CONTEXT_TYPES; type++)
        status = show_type(modem, type);
    return status;
}

/* ---- AT+CGACT ------------------------------------------------------------------------------ */

/* Attaches first if need be. */
static enum imqtt_status activate(struct imqtt_modem *modem, uint8_t cids)
{
    if ((cids & ~defined_in(modem)) != 0)
        return IMQTT_NOT_ALLOWED;
    if (!radio_is_registered(&modem->radio))
        return IMQTT_NO_NETWORK_SERVICE;
    modem_follow_radio(modem, radio_attach(&modem->radio));
    contexts_activate(&modem->radio.contexts, cids);
    return IMQTT_DONE;
}

enum imqtt_status activation_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint32_t active = params_number(params, 0, 1);
    uint8_t cids = take_cids(params, defined_in(modem));
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    return active == 1 ? activate(modem, cids) : contexts_deactivate(&modem->radio.contexts, cids);
}

static enum imqtt_status show_activation(struct imqtt_modem *modem, unsigned cid)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGACT: ");
    out_decimal(&line, (int32_t)cid);
    out_u8(&line, ',');
    out_decimal(&line, is_in(modem->radio.contexts.active, cid));
    return modem_end_line(modem, &line);
}

enum imqtt_status activation_read(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return show_each(modem, defined_in(modem), show_activation);
}

enum imqtt_status activation_test(struct at_call *call)
{
    return answer_text(call, "+CGACT: (0,1)");
}

/* ---- AT+CGPADDR ---------------------------------------------------------------------------- */

#define IPV6_BYTES 16

static void put_dotted(struct out *out, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out_text(out, i == 0 ? ",\"" : ".");
        out_decimal(out, bytes[i]);
    }
    out_u8(out, '"');
}

/* Of the range for documentation, in the dotted form that +CGPIAF=0 stands for. */
static void put_ipv6(const struct imqtt_modem *modem, unsigned cid, struct out *out)
{
    uint8_t ipv4[IPV4_BYTES];
    own_address_make(modem, cid, ipv4);
    const uint8_t ipv6[IPV6_BYTES] = {
        0x20, 0x01, 0x0D, 0xB8, 0, 0, ipv4[1], ipv4[2], [IPV6_BYTES - 1] = ipv4[3]};
    put_dotted(out, ipv6, sizeof ipv6);
}

static void put_ipv4(const struct imqtt_modem *modem, unsigned last, struct out *out)
{
    uint8_t ipv4[IPV4_BYTES];
    own_address_make(modem, last, ipv4);
    put_dotted(out, ipv4, sizeof ipv4);
}

static void put_addresses(const struct imqtt_modem *modem, unsigned cid, struct out *out)
{
    enum context_type type = context_type(&modem->radio.contexts, cid);
    if (type != CONTEXT_IPV6)
        put_ipv4(modem, cid, out);
    if (type != CONTEXT_IP)
        put_ipv6(modem, cid, out);
}

static enum imqtt_status show_address(struct imqtt_modem *modem, unsigned cid)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGPADDR: ");
    out_decimal(&line, (int32_t)cid);
    if (is_in(modem->radio.contexts.active, cid))
        put_addresses(modem, cid, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status context_address_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return show_each(modem, defined_in(modem), show_address);
}

enum imqtt_status context_address_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    struct params *params = call->params;
    uint8_t cids = take_cids(params, 0);
    enum imqtt_status status = params_end(params);
    if (status == IMQTT_DONE && cids == 0)
        status = IMQTT_BAD_PARAMETERS;
    if (status == IMQTT_DONE && (cids & ~defined_in(modem)) != 0)
        status = IMQTT_NOT_ALLOWED;
    return status == IMQTT_DONE ? show_each(modem, cids, show_address) : status;
}

static enum imqtt_status list_cids(struct imqtt_modem *modem, const char *name, uint8_t cids)
{
    struct out line = modem_begin_line(modem);
    char before = '(';
    out_text(&line, name);
    for (unsigned cid = 1; cid <= IMQTT_CONTEXTS; cid++)
        if (is_in(cids, cid)) {
            out_u8(&line, (uint8_t)before);
            out_decimal(&line, (int32_t)cid);
            before = ',';
        }
    out_text(&line, cids == 0 ? "()" : ")");
    return modem_end_line(modem, &line);
}

enum imqtt_status context_address_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return list_cids(modem, "+CGPADDR: ", defined_in(modem));
}

/* ---- AT+CGCONTRDP: what the network gave an active context ---------------------------------- */

enum { FIRST_BEARER = 5 }; /* <bearer_id> */
enum { GATEWAY = 254, FIRST_DNS = 253, SECOND_DNS = 252 };

/* <local_addr and subnet_mask> is one dotted string; a gateway and name servers are of IPv4. */
static void put_ipv4_parameters(const struct imqtt_modem *modem, unsigned cid, struct out *out)
{
    uint8_t with_mask[2 * IPV4_BYTES] = {[IPV4_BYTES] = 255, 255, 255, 0};
    own_address_make(modem, cid, with_mask);
    put_dotted(out, with_mask, sizeof with_mask);
    put_ipv4(modem, GATEWAY, out);
    put_ipv4(modem, FIRST_DNS, out);
    put_ipv4(modem, SECOND_DNS, out);
}

static enum imqtt_status show_parameters(struct imqtt_modem *modem, unsigned cid)
{
    const struct contexts *contexts = &modem->radio.contexts;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CGCONTRDP: ");
    out_decimal(&line, (int32_t)cid);
    out_u8(&line, ',');
    out_decimal(&line, (int32_t)(FIRST_BEARER + cid - 1));
    out_text(&line, ",\"");
    quoting_put_escaped(&line, context_access_point(contexts, cid));
    out_u8(&line, '"');
    if (context_type(contexts, cid) != CONTEXT_IPV6)
        put_ipv4_parameters(modem, cid, &line);
    else
        put_ipv6(modem, cid, &line);
    return modem_end_line(modem, &line);
}

enum imqtt_status context_parameters_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return show_each(modem, modem->radio.contexts.active, show_parameters);
}

/* One that is not active has none. */
enum imqtt_status context_parameters_set(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    uint8_t cid = take_cid(call->params);
    enum imqtt_status status = params_end(call->params);
    uint8_t shown = modem->radio.contexts.active & context_bit(cid);
    return status == IMQTT_DONE ? show_each(modem, shown, show_parameters) : status;
}

enum imqtt_status context_parameters_test(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    return list_cids(modem, "+CGCONTRDP: ", modem->radio.contexts.active);
}
