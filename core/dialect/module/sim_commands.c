/* sim_commands.c: what is on the SIM: its number under the names that makers gave the command, its
 * files (AT+CRSM, 3GPP TS 27.007 8.18), its telephone numbers (AT+CNUM, 7.1). */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"
#include "core/device/device_identity.h"
#include "core/modem/say.h"

static bool has_sim(const struct at_call *call)
{
    const struct imqtt_modem *modem = call->context;
    return modem->radio.network.sim_ready;
}

/* ---- AT+CCID, ICCID, QCCID, CICCID ---------------------------------------------------------- */

static const char *const number_names[] = {
    [NUMBER_CCID] = "+CCID: ",
    [NUMBER_ICCID] = "+ICCID: ",
    [NUMBER_QCCID] = "+QCCID: ",
};

enum imqtt_status sim_number_execute(struct at_call *call)
{
    struct imqtt_modem *modem = call->context;
    if (!has_sim(call))
        return IMQTT_NO_SIM;
    struct out line = modem_begin_line(modem);
    out_text(&line, number_names[call->command->which]);
    identity_put(&modem->options.identity, IMQTT_ICCID, &line);
    return modem_end_line(modem, &line);
}

/* ---- AT+CNUM: there is no telephone number --------------------------------------------------- */

enum imqtt_status telephone_execute(struct at_call *call)
{
    return has_sim(call) ? IMQTT_DONE : IMQTT_NO_SIM;
}

/* ---- AT+CRSM: the files of ICCID and IMSI can be read (TS 31.102 4.2.2, ETSI TS 102 221 13.2) -- */

enum { READ_BINARY = 176 };                       /* <command> */
enum { FILE_ICCID = 0x2FE2, FILE_IMSI = 0x6F07 }; /* <fileid> */

/* <sw1>,<sw2> of TS 102 221 10.2 */
#define SW_DONE            "144,0"
#define SW_NO_FILE         "106,130"
#define SW_WRONG_PLACE     "107,0"
#define SW_WRONG_LENGTH    "103,0"
#define SW_UNKNOWN_COMMAND "109,0"
#define FILE_BYTES_MAX     10
#define FILE_DIGITS_MAX    (2 * FILE_BYTES_MAX)

/* Two digits a byte, the first one in the lower half; F fills up. */
static void put_swapped(struct span digits, struct out *hex)
{
    struct span pair;
    while (span_take(&digits, 2, &pair)) {
        out_u8(hex, pair.bytes[1]);
        out_u8(hex, pair.bytes[0]);
    }
    if (digits.count > 0) {
        out_u8(hex, 'F');
        out_u8(hex, digits.bytes[0]);
    }
}

/* The IMSI's file begins with how many bytes it has, and a 9: an odd count of digits. */
static void put_file(const struct imqtt_modem *modem, uint32_t file, struct out *hex)
{
    uint8_t room[1 + IMQTT_IDENTITY_TEXT_BYTES];
    struct out digits = out_on(room, sizeof room);
    if (file == FILE_IMSI) {
        out_text(hex, "08");
        out_u8(&digits, '9');
    }
    identity_put(&modem->options.identity, file == FILE_IMSI ? IMQTT_IMSI : IMQTT_ICCID, &digits);
    put_swapped(out_written(&digits), hex);
}

static enum imqtt_status answer_words(struct at_call *call, const char *words, struct span hex)
{
    struct imqtt_modem *modem = call->context;
    struct out line = modem_begin_line(modem);
    out_text(&line, "+CRSM: ");
    out_text(&line, words);
    if (hex.count > 0) {
        out_text(&line, ",\"");
        out_span(&line, hex);
        out_u8(&line, '"');
    }
    return modem_end_line(modem, &line);
}

/* P1 and P2 are where to begin, P3 how many bytes, 0 for all. */
static enum imqtt_status read_file(struct at_call *call, uint32_t file, const uint32_t place[3])
{
    uint8_t room[FILE_DIGITS_MAX];
    struct out hex = out_on(room, sizeof room);
    put_file(call->context, file, &hex);
    struct span shown = out_written(&hex);
    if (place[0] != 0 || place[1] != 0)
        return answer_words(call, SW_WRONG_PLACE, SPAN_EMPTY);
    if (2 * place[2] > shown.count)
        return answer_words(call, SW_WRONG_LENGTH, SPAN_EMPTY);
    if (place[2] > 0)
        shown.count = 2 * place[2];
    return answer_words(call, SW_DONE, shown);
}

enum imqtt_status sim_file_set(struct at_call *call)
{
    struct params *params = call->params;
    uint32_t place[3] = {0, 0, 0};
    uint32_t command = params_number(params, 0, UINT8_MAX);
    uint32_t file = params_skip_empty(params) ? 0 : params_number(params, 0, UINT16_MAX);
    for (int i = 0; i < 3; i++)
        if (!params_skip_empty(params))
            place[i] = params_number(params, 0, UINT8_MAX);
    for (int i = 0; i < 2; i++) /* <data>, <pathid> */
        if (!params_skip_empty(params))
            params_text(params, SIZE_MAX);
    enum imqtt_status status = params_end(params);
    if (status != IMQTT_DONE)
        return status;
    if (!has_sim(call))
        return IMQTT_NO_SIM;
    if (command != READ_BINARY)
        return answer_words(call, SW_UNKNOWN_COMMAND, SPAN_EMPTY);
    if (file != FILE_ICCID && file != FILE_IMSI)
        return answer_words(call, SW_NO_FILE, SPAN_EMPTY);
    return read_file(call, file, place);
}
