#include "tests/fuzz/oracle.h"

#include "tests/fuzz/target.h"
#include "tests/fuzz/trace.h"
#include "tests/transcripts/script.h"

#define LINE_END       "\r\n"
#define LINE_END_BYTES 2

static bool starts(struct span text, const char *start)
{
    return take_start(&text, start);
}

/* ---- the extent of a line: how many bytes it has, its end included; 0: not all are there ---- */

static size_t find_line_end(struct span text)
{
    for (size_t i = 0; i + LINE_END_BYTES <= text.count; i++)
        if (memcmp(text.bytes + i, LINE_END, LINE_END_BYTES) == 0)
            return i;
    return text.count;
}

/* Control bytes could forge a line. */
static size_t plain_line_bytes(struct span text)
{
    size_t end = find_line_end(text);
    for (size_t i = 0; i < end; i++)
        promise(text.bytes[i] >= ' ' || text.bytes[i] == '\t' ||
                    (text.bytes[i] == '\r' && i + 1 == text.count),
                "a line of the modem's has no control bytes");
    return end < text.count ? end + LINE_END_BYTES : 0;
}

static void skip_decimal(struct span *text, size_t *number)
{
    uint8_t digit;
    for (*number = 0; span_first(*text) >= '0' && span_first(*text) <= '9';
         *number = *number * 10 + digit - '0')
        span_take_u8(text, &digit);
}

static bool skip_quoted(struct span *text)
{
    bool escaped = false;
    for (uint8_t byte; span_take_u8(text, &byte); escaped = byte == '\\' && !escaped)
        if (byte == '"' && !escaped)
            return true;
    return false;
}

static const char message_end[] = "\"" LINE_END;

static bool is_hex(struct span text)
{
    for (size_t i = 0; i < text.count; i++)
        if (memchr("0123456789ABCDEF", text.bytes[i], 16) == NULL)
            return false;
    return true;
}

/* Goes behind a payload that is shown in `bytes`, and the line's end. */
static bool skip_payload(struct span *text, size_t bytes)
{
    struct span rest = *text;
    bool is_there = span_skip(&rest, bytes) && take_start(&rest, message_end);
    if (is_there)
        *text = rest;
    return is_there;
}

/* The payload is what it is, so it is counted; after AT+IMQTTRECVHEX=1 it is hex. */
static bool skip_message(struct span *text, size_t payload_bytes)
{
    size_t longest = 2 * payload_bytes + sizeof message_end - 1;
    if (skip_payload(text, payload_bytes))
        return true;
    struct span shown = *text;
    if (shown.count > 2 * payload_bytes)
        shown.count = 2 * payload_bytes;
    if (is_hex(shown) && skip_payload(text, 2 * payload_bytes))
        return true;
    bool may_be_cut = text->count < payload_bytes + sizeof message_end - 1 ||
                      (is_hex(shown) && text->count < longest);
    promise(may_be_cut, "a payload has as many bytes as its line says");
    return false;
}

/* <packet id>,"<topic>",<bytes>,"<payload>" */
static size_t message_bytes(struct span text, size_t name_bytes)
{
    struct span rest = text;
    size_t id, payload_bytes;
    span_skip(&rest, name_bytes);
    skip_decimal(&rest, &id);
    if (!take_start(&rest, ",\"") || !skip_quoted(&rest) || !take_start(&rest, ","))
        return 0;
    skip_decimal(&rest, &payload_bytes);
    if (!take_start(&rest, ",\"") || !skip_message(&rest, payload_bytes))
        return 0;
    return text.count - rest.count;
}

static size_t line_bytes(struct span text)
{
    static const char report[] = "+IMQTTRCVPUB:", answer[] = "+IMQTTRECV:";
    if (starts(text, report))
        return message_bytes(text, sizeof report - 1);
    bool may_be_message = starts(text, answer) && text.count >= sizeof answer;
    if (may_be_message && text.bytes[sizeof answer - 1] != ' ')
        return message_bytes(text, sizeof answer - 1);
    return plain_line_bytes(text);
}

/* ---- what a line is ------------------------------------------------------------------------- */

/* Whether the answer of the line has begun, and not ended. */
static bool is_in_answer(const struct oracle *oracle, const struct typed_line *line)
{
    return line != NULL && line->is_complete && oracle->position >= line->begins_at;
}

static void take_final(struct oracle *oracle, bool is_ok)
{
    struct typed_line *line = oracle_front(oracle);
    promise(is_in_answer(oracle, line) && line->echo_bytes == 0,
            "a final result belongs to a line that was typed");
    promise(line->final != FINAL_NONE, "ATQ1 silences results");
    if (is_ok)
        ledger_accept(&oracle->ledger, line->wish);
    oracle->first++;
}

/* With ATQ1 nobody sees where an answer ends, or whether it was OK. */
static bool is_silent(const struct typed_line *line)
{
    return line->final != FINAL_ONE;
}

/* Where URCs may come, what looks like one may be one. */
static void take_perhaps(struct oracle *oracle, const struct typed_line *line, struct span text)
{
    bool is_unclear = urc_kind(text) == URC_OR_ANSWER && line->asks;
    oracle->ledger.is_blind |= is_unclear || (is_silent(line) && line->wish != WISH_NONE);
    if (!is_unclear)
        ledger_report(&oracle->ledger, text);
}

static void take_information(struct oracle *oracle, struct span text)
{
    const struct typed_line *line = oracle_front(oracle);
    enum urc kind = urc_kind(text);
    if (!is_in_answer(oracle, line)) {
        if (kind == URC_NONE)
            promise_broken("a line that nobody asked for: %.*s", (int)text.count, text.bytes);
        ledger_report(&oracle->ledger, text);
    } else if (is_silent(line) || line->may_wait) {
        take_perhaps(oracle, line, text);
    } else if (kind == URC_ONLY || (kind == URC_OR_ANSWER && !line->asks)) {
        promise_broken("a URC inside an answer: %.*s", (int)text.count, text.bytes);
    } else {
        promise(line->echo_bytes == 0, "an answer begins behind its echo");
    }
}

static bool is_final(struct span text)
{
    return span_equal(text, span_text("OK")) || span_equal(text, span_text("ERROR")) ||
           starts(text, "+CME ERROR: ");
}

static void take_line(struct oracle *oracle, struct span text)
{
    text.count -= LINE_END_BYTES;
    promise(text.count > 0, "no line is empty");
    if (is_final(text))
        take_final(oracle, starts(text, "OK"));
    else
        take_information(oracle, text);
}

/* ---- reading: how many bytes were read; 0: what is there is not whole ----------------------- */

static size_t read_framed(struct oracle *oracle, struct span text)
{
    span_skip(&text, LINE_END_BYTES);
    if (span_first(text) == '>') {
        promise(is_in_answer(oracle, oracle_front(oracle)), "a prompt is part of an answer");
        return LINE_END_BYTES + 1;
    }
    size_t bytes = line_bytes(text);
    if (bytes == 0)
        return 0;
    take_line(oracle, span_of(text.bytes, bytes));
    return LINE_END_BYTES + bytes;
}

/* The echo that is next, or NULL. */
static struct echoed *next_echo(const struct oracle *oracle)
{
    return oracle->first_echo < oracle->echo_count ? &oracle->echoes[oracle->first_echo] : NULL;
}

static bool is_at_echo(const struct oracle *oracle)
{
    const struct echoed *next = next_echo(oracle);
    promise(next == NULL || oracle->position <= next->at, "the echo comes when it was typed");
    return next != NULL && oracle->position == next->at;
}

static size_t read_echo(struct oracle *oracle, struct span text)
{
    struct echoed *echoed = next_echo(oracle);
    struct typed_line *line = &oracle->lines[echoed->line];
    promise(line == oracle_front(oracle), "no echo overtakes an answer");
    promise(span_first(text) == span_first(fifo_waiting(&oracle->echo)),
            "the echo is what was typed");
    fifo_take(&oracle->echo, 1);
    line->echo_bytes--;
    echoed->at++;
    if (--echoed->bytes == 0)
        oracle->first_echo++;
    return 1;
}

/* ATV0: "0" and "4", and information without the frame's first half. */
static size_t read_bare(struct oracle *oracle, const struct typed_line *line, struct span text)
{
    promise(is_in_answer(oracle, line) && line->may_be_bare,
            "what is no echo is a whole line, frame and all");
    if (starts(text, "0\r") || starts(text, "4\r")) {
        take_final(oracle, starts(text, "0"));
        return 2;
    }
    size_t bytes = line_bytes(text);
    if (bytes > 0)
        take_line(oracle, span_of(text.bytes, bytes));
    return bytes;
}

/* Lines without a result end when the next one begins; `is_all`: or when there is no more. */
static void pass_silent_lines(struct oracle *oracle, bool is_all)
{
    struct typed_line *line;
    while ((line = oracle_front(oracle)) != NULL && line->has_ended && line->echo_bytes == 0 &&
           is_silent(line)) {
        bool has_next = oracle->first + 1 < oracle->count;
        if (!is_all && !(has_next && line[1].typed_at <= oracle->position))
            return;
        oracle->ledger.is_blind |= line->wish != WISH_NONE;
        oracle->first++;
    }
}

static size_t read_next(struct oracle *oracle, struct span text)
{
    pass_silent_lines(oracle, false);
    if (is_at_echo(oracle))
        return read_echo(oracle, text);
    if (span_equal(text, span_text("\r")) && oracle->machine->modem->output.count > 0)
        return 0; /* of a line end, perhaps */
    if (starts(text, LINE_END))
        return read_framed(oracle, text);
    return read_bare(oracle, oracle_front(oracle), text);
}

void oracle_read(struct oracle *oracle)
{
    struct buffer *out = &oracle->machine->host.out;
    oracle_note_end(oracle);
    for (size_t bytes = 1; bytes > 0 && out->count > 0;) {
        bytes = oracle_is_blind(oracle) ? out->count : read_next(oracle, buffer_span(out));
        if (bytes > 0)
            trace("  read", span_of(buffer_span(out).bytes, bytes));
        buffer_take(out, bytes);
        oracle->position += bytes;
    }
}

void oracle_check_all_read(struct oracle *oracle)
{
    const struct imqtt_modem *modem = oracle->machine->modem;
    if (oracle_is_blind(oracle))
        return;
    promise(oracle->machine->host.out.count == 0, "what the modem says ends in a whole line");
    pass_silent_lines(oracle, true);
    const struct typed_line *line = oracle_front(oracle);
    promise(line == NULL || !line->is_complete || modem->command != COMMAND_NONE,
            "every line has its final result");
    promise(line == NULL || oracle->first + 1 == oracle->count, "only the last line may still run");
}
