#include "tests/fuzz/answer_reader.h"

#include "core/at/result.h"
#include "core/modem/parts.h"
#include "core/modem/spelling.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/trace.h"
#include "tests/transcripts/script.h"

#define LINE_END "\r\n"

/* Each dialect's prompts, whole; `answered`: an OK is part of it, and what ends the command behind its
 * data is words of its own, or a URC. */
static const struct prompt {
    const struct imqtt_dialect *dialect;
    const char *text;
    bool answered;
} prompts[] = {
    {&imqtt_dialect_default, "\r\n>", false},       {&imqtt_dialect_ica, "\r\n>", false},
    {&imqtt_dialect_ica, "\r\nOK\r\n", true},       {&imqtt_dialect_qmt, "\r\n> ", false},
    {&imqtt_dialect_qmt, "\r\nCONNECT\r\n", false}, {&imqtt_dialect_cmqtt, "\r\n>", false},
    {&imqtt_dialect_sm, "\r\n> ", false},           {&imqtt_dialect_sm, "\r\nDOWNLOAD\r\n", false},
    {&imqtt_dialect_esp, "\r\nOK\r\n>", false},
};

static const struct imqtt_dialect *dialect_of(const struct answers *answers)
{
    const struct imqtt_dialect *dialect = answers->machine->options.dialect;
    return dialect != NULL ? dialect : &imqtt_dialect_default;
}

static _Noreturn void broken(const struct answers *answers, const char *what)
{
    struct buffer said = BUFFER_EMPTY;
    buffer_put_escaped(&said, buffer_span(&answers->heard));
    buffer_put_u8(&said, '\0');
    const char *word = imqtt_dialect_word(dialect_of(answers));
    promise_broken("%s: %s: %s", word != NULL ? word : imqtt_dialect_name(0), what,
                   (const char *)buffer_span(&said).bytes);
}

static bool is_final(const struct answers *answers, struct span line)
{
    bool is_of_esp = dialect_of(answers) == &imqtt_dialect_esp;
    return span_equal(line, span_text("OK")) || span_equal(line, span_text("ERROR")) ||
           take_start(&(struct span){line.bytes, line.count}, "+CME ERROR: ") ||
           (is_of_esp && (span_equal(line, span_text("+MQTTPUB:OK")) ||
                          span_equal(line, span_text("+MQTTPUB:FAIL"))));
}

/* ---- an answer ------------------------------------------------------------------------------ */

/* The next line, without its end; an empty one is half a frame. false: it has no end. */
static bool take_line(struct span *text, struct span *line)
{
    for (size_t i = 0; i + 1 < text->count; i++) {
        if (memcmp(text->bytes + i, LINE_END, 2) != 0)
            continue;
        *line = span_of(text->bytes, i);
        return span_skip(text, i + 2);
    }
    return false;
}

static void check_line(const struct answers *answers, struct span line)
{
    for (size_t i = 0; i < line.count; i++)
        if (line.bytes[i] == '\r' || line.bytes[i] == '\n')
            broken(answers, "half a line end in a line");
}

/* Lines, of which the last is the only final result. A dialect with frames begins with half of one. */
static void check_answer(const struct answers *answers, struct span answer)
{
    struct span line = SPAN_EMPTY;
    bool was_empty = false, was_final = false;
    bool begins_framed = take_start(&(struct span){answer.bytes, answer.count}, LINE_END);
    if (!begins_framed && !dialect_of(answers)->bare_lines)
        broken(answers, "an answer begins with a line end");
    while (answer.count > 0) {
        if (was_final)
            broken(answers, "something behind a final result, or a URC inside an answer");
        if (!take_line(&answer, &line))
            broken(answers, "an answer ends in whole lines");
        check_line(answers, line);
        if (line.count == 0 && was_empty)
            broken(answers, "two empty lines");
        was_empty = line.count == 0;
        was_final = is_final(answers, line);
    }
    if (!was_final)
        broken(answers, "an answer ends with a final result");
}

/* What must stand in front. */
static struct span skip_echo(const struct answers *answers)
{
    struct span heard = buffer_span(&answers->heard), echo = buffer_span(&answers->echo), start;
    if (!span_take(&heard, echo.count, &start) || !span_equal(start, echo))
        broken(answers, "the echo is what was typed");
    return heard;
}

static void judge_rest(struct answers *answers)
{
    struct span heard = skip_echo(answers);
    size_t urc_bytes = answers->machine->urc_bytes;
    if (heard.count < urc_bytes)
        broken(answers, "every URC is said whole");
    heard.count -= urc_bytes;
    if (answers->is_open && !(answers->has_answered && heard.count == 0))
        check_answer(answers, heard);
    else if (heard.count > 0)
        broken(answers, "what nobody asked for is a URC");
}

static void judge_prompt(struct answers *answers)
{
    struct span heard = skip_echo(answers);
    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        if (prompts[i].dialect != dialect_of(answers) ||
            !span_equal(heard, span_text(prompts[i].text)))
            continue;
        answers->has_answered = prompts[i].answered;
        return;
    }
    broken(answers, "a prompt is one of its dialect's, and comes at once");
}

/* ---- the conversation ----------------------------------------------------------------------- */

static void forget(struct answers *answers)
{
    buffer_clear(&answers->heard);
    buffer_clear(&answers->echo);
}

void answers_begin(struct answers *answers, struct machine *machine)
{
    *answers = (struct answers){.machine = machine};
}

void answers_end(struct answers *answers)
{
    buffer_free(&answers->heard);
    buffer_free(&answers->echo);
}

static bool is_idle(const struct answers *answers)
{
    const struct machine *machine = answers->machine;
    return machine->modem->command == COMMAND_NONE && machine->host.in.count == 0 &&
           !modem_takes_data(machine->modem);
}

bool answers_is_at_rest(const struct answers *answers)
{
    return !answers->is_open && is_idle(answers);
}

static bool speaks_plainly(const struct imqtt_modem *modem)
{
    return modem->settings.answers.verbose && !modem->settings.answers.quiet;
}

void answers_type(struct answers *answers, struct span line)
{
    const struct imqtt_modem *modem = answers->machine->modem;
    trace("  asks", line);
    answers->is_open = true;
    answers->is_behind_data = answers->has_answered = false;
    answers->is_blind = !speaks_plainly(modem);
    if (modem->settings.answers.echo)
        buffer_put(&answers->echo, line);
    buffer_put(&answers->machine->host.in, line);
}

void answers_give(struct answers *answers, struct span data, size_t echoed)
{
    trace("  gives", data);
    answers->is_behind_data = true;
    buffer_put(&answers->echo, span_of(data.bytes, echoed));
    buffer_put(&answers->machine->host.in, data);
}

void answers_read(struct answers *answers)
{
    struct machine *machine = answers->machine;
    bool is_asked = modem_takes_data(machine->modem) && machine->host.in.count == 0;
    buffer_put(&answers->heard, buffer_span(&machine->host.out));
    trace("  hears", buffer_span(&machine->host.out));
    buffer_clear(&machine->host.out);
    answers->is_blind |= !speaks_plainly(machine->modem);
    if (is_asked && !answers->is_behind_data && answers->heard.count > 0) {
        if (!answers->is_blind)
            judge_prompt(answers);
        forget(answers);
    } else if (is_idle(answers)) {
        if (!answers->is_blind)
            judge_rest(answers);
        forget(answers);
        answers->is_open = false;
        machine->urc_bytes = 0;
    }
}
