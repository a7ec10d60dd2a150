#include "core/modem/command_line.h"
#include "core/modem/modem_clients.h"
#include "core/modem/say.h"
#include "core/modem/spelling.h"

/* ---- URCs ---------------------------------------------------------------------------------- */

/* URCs may leave between commands, but not while the host is in the middle of typing one. */
static bool is_typing(const struct imqtt_modem *modem)
{
    return line_is_partial(&modem->line) &&
           modem->now_ms - modem->last_byte_ms < IMQTT_TYPING_PAUSE_MS;
}

void command_line_hold_or_release_urcs(struct imqtt_modem *modem)
{
    bool is_between_answers = modem->command == COMMAND_PENDING || modem->command == COMMAND_HELD;
    if (is_between_answers || is_typing(modem))
        urcs_hold(&modem->urcs);
    else
        urcs_release(&modem->urcs);
}

/* ---- one command --------------------------------------------------------------------------- */

static void tell_command(const struct imqtt_modem *modem, enum imqtt_status result)
{
    const struct at_command *command = modem->run.current;
    struct imqtt_news news = {.kind = IMQTT_NEWS_COMMAND,
                              .result = result,
                              .took_ms = (uint32_t)(modem->now_ms - modem->command_begun_ms)};
    if (command != NULL) {
        news.topic = (const uint8_t *)command->name;
        news.topic_bytes = strlen(command->name);
    }
    if (result == IMQTT_ANSWERED)
        news.result = IMQTT_DONE;
    modem_tell(modem, &news);
}

/* What was typed for a command goes with it. */
static void drop_data(struct imqtt_modem *modem)
{
#if IMQTT_WITH_DIALECTS
    if (modem->typed.is_whole)
        typed_forget(&modem->typed);
#else
    (void)modem;
#endif
}

/* A command that has waited began when it was first tried. */
static enum imqtt_status run_command(struct imqtt_modem *modem)
{
    if (IMQTT_WITH_NEWS && modem->command != COMMAND_WAITS)
        modem->command_begun_ms = modem->now_ms;
    modem->command = COMMAND_NONE;
    enum imqtt_status status = at_run_command(&modem->dialect->commands, modem, &modem->run);
    modem_turn_back(modem); /* it may have named another client */
    if (status == IMQTT_LATER)
        return status;
    drop_data(modem);
    if (modem_wants_news(modem, IMQTT_NEWS_COMMAND) && status != IMQTT_PENDING)
        tell_command(modem, status);
    return status;
}

/* ---- a line -------------------------------------------------------------------------------- */

static void stop_in_line(struct imqtt_modem *modem, enum command_state state)
{
    modem->command = state;
    command_line_hold_or_release_urcs(modem);
}

static void say_final(struct imqtt_modem *modem, enum imqtt_status status)
{
    struct at_format format = modem_format(modem);
#if IMQTT_WITH_DIALECTS
    const struct imqtt_dialect *dialect = modem->dialect;
    if (status == IMQTT_ANSWERED ||
        (dialect->say_final != NULL && dialect->say_final(modem, status)))
        return;
    if (status != IMQTT_DONE && modem->run.current != NULL && modem->run.current->plain_errors)
        format.error_form = 0;
#endif
    result_final(&format, &modem->output, status);
}

static void end_line(struct imqtt_modem *modem, enum imqtt_status status)
{
    modem->command = COMMAND_NONE;
    say_final(modem, status);
    if (IMQTT_WITH_SERIAL)
        line_settings_end_line(&modem->line_settings, fifo_position(&modem->output));
    command_line_hold_or_release_urcs(modem);
}

/* Whatever a broker does, a host has its answer in the end. */
uint64_t command_line_end_of_wait_ms(const struct imqtt_modem *modem)
{
    return modem->waits_since_ms + IMQTT_QUEUE_TIMEOUT_MS;
}

static void wait_in_line(struct imqtt_modem *modem, bool has_waited)
{
    if (!has_waited)
        modem->waits_since_ms = modem->now_ms;
    if (modem->now_ms < command_line_end_of_wait_ms(modem)) {
        stop_in_line(modem, COMMAND_WAITS);
        return;
    }
    drop_data(modem);
    if (modem_wants_news(modem, IMQTT_NEWS_COMMAND))
        tell_command(modem, IMQTT_UNKNOWN_ERROR);
    end_line(modem, IMQTT_UNKNOWN_ERROR);
}

#define LINE_OUTPUT_BYTES                                                                          \
    (IMQTT_LINE_OUTPUT_BYTES < IMQTT_OUTPUT_HIGH_BYTES ? IMQTT_LINE_OUTPUT_BYTES                   \
                                                       : IMQTT_OUTPUT_HIGH_BYTES)

/* So a line of a thousand AT&V takes the memory of a few, and a turn the time of a few. */
static bool is_terminal_full(const struct imqtt_modem *modem)
{
    return modem->output.count >= LINE_OUTPUT_BYTES;
}

static void run_line(struct imqtt_modem *modem)
{
    enum imqtt_status status = IMQTT_DONE;
    bool has_waited = modem->command == COMMAND_WAITS;
    bool is_first = modem->run.next == 0; /* what was typed before the line holds nothing up */
    bool has_more = at_run_has_more(&modem->run);
    urcs_hold(&modem->urcs);
    while (status == IMQTT_DONE && has_more && (is_first || !is_terminal_full(modem))) {
        status = run_command(modem);
        has_more = at_run_has_more(&modem->run);
        is_first = false;
    }
    if (status == IMQTT_DONE && !has_more)
        end_line(modem, IMQTT_DONE);
    else if (status == IMQTT_DONE)
        stop_in_line(modem, COMMAND_HELD);
    else if (status == IMQTT_LATER)
        wait_in_line(modem, has_waited);
    else if (status == IMQTT_PENDING)
        stop_in_line(modem, COMMAND_PENDING);
    else
        end_line(modem, status);
}

bool command_line_resume(struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_WAITS)
        return false;
    run_line(modem);
    return true;
}

bool command_line_go_on(struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_HELD || is_terminal_full(modem))
        return false;
    run_line(modem);
    return true;
}

void command_line_finish(struct imqtt_modem *modem, enum imqtt_status status)
{
    if (modem_wants_news(modem, IMQTT_NEWS_COMMAND))
        tell_command(modem, status);
    modem->command = COMMAND_NONE;
    if (status == IMQTT_DONE)
        run_line(modem);
    else
        end_line(modem, status);
}

#if IMQTT_WITH_DIALECTS
void command_line_run_again(struct imqtt_modem *modem)
{
    modem->run.next = modem->run.begun;
    modem->command = COMMAND_NONE;
    run_line(modem);
}

void command_line_decide(struct imqtt_modem *modem, enum imqtt_status status)
{
    modem->verdict = status;
    modem->has_verdict = true;
}

void command_line_finish_decided(struct imqtt_modem *modem)
{
    bool is_pending = modem->has_verdict && modem->command == COMMAND_PENDING;
    modem->has_verdict = false;
    if (is_pending)
        command_line_finish(modem, modem->verdict);
}
#endif

static struct fifo *echo_of(struct imqtt_modem *modem)
{
    return modem->settings.answers.echo ? &modem->output : NULL;
}

#if IMQTT_WITH_DIALECTS
bool command_line_is_busy(const struct imqtt_modem *modem)
{
    bool runs = modem->command == COMMAND_PENDING || modem->command == COMMAND_WAITS;
    return modem->dialect->busy != NULL && (runs || modem->line.is_passed);
}

void command_line_pass_over(struct imqtt_modem *modem, struct span *in)
{
    if (line_pass_over(&modem->line, in, echo_of(modem)))
        fifo_put(&modem->output, span_text(modem->dialect->busy));
    command_line_hold_or_release_urcs(modem);
}
#endif

static void begin_line(struct imqtt_modem *modem)
{
    size_t count;
    uint8_t *body = line_body(&modem->line, &count);
    at_run_begin(&modem->run, body, count, line_has_control(&modem->line));
    run_line(modem);
}

static void refuse_line(struct imqtt_modem *modem, enum imqtt_status status)
{
    urcs_hold(&modem->urcs);
    end_line(modem, status);
}

void command_line_take(struct imqtt_modem *modem, struct span *in)
{
    switch (line_feed(&modem->line, in, echo_of(modem))) {
    case LINE_MORE:
        command_line_hold_or_release_urcs(modem);
        break;
    case LINE_READY:
        begin_line(modem);
        break;
    case LINE_TOO_LONG:
        refuse_line(modem, IMQTT_TEXT_TOO_LONG);
        break;
    case LINE_NO_MEMORY:
        refuse_line(modem, IMQTT_UNKNOWN_ERROR);
        break;
    }
    if (modem->command != COMMAND_NONE)
        line_swallow_early(&modem->line, in);
}
