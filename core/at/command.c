#include "core/at/command.h"

#include "core/bytes/ascii.h"
#include "core/bytes/one_copy.h"

#define NAME_BYTES 24 /* a longer name is unknown */

/* Behind FORM_NONE as in enum imqtt_form. */
enum form { FORM_NONE, FORM_EXECUTE, FORM_SET, FORM_READ, FORM_TEST };

/* One command as typed. */
struct typed {
    uint8_t name_bytes[NAME_BYTES];
    struct out name;                  /* in upper case, without spaces */
    const struct at_command *command; /* NULL: there is none of that name */
    enum form form;
    struct params params;
};

void at_run_begin(struct at_run *run, uint8_t *body, size_t count, bool has_control)
{
    run->body = body;
    run->count = count;
    run->next = 0;
    run->has_control = has_control;
}

/* ---- taking a command apart: a take moves run->next behind what it took --------------------- */

static int byte_at(const struct at_run *run, size_t at)
{
    return at < run->count ? run->body[at] : -1;
}

static int next_byte(const struct at_run *run)
{
    return byte_at(run, run->next);
}

static void skip_blanks(struct at_run *run)
{
    while (run->next < run->count && is_blank(run->body[run->next]))
        run->next++;
}

static void skip_separators(struct at_run *run)
{
    for (skip_blanks(run); next_byte(run) == ';'; skip_blanks(run))
        run->next++;
}

static void take_name_byte(struct at_run *run, struct out *name)
{
    if (run->next < run->count)
        out_u8(name, upper_case(run->body[run->next++]));
    skip_blanks(run);
}

/* AT+UART_CUR is another maker's. */
static bool is_name_byte(int byte)
{
    return is_letter(byte) || is_digit(byte) || (IMQTT_WITH_DIALECTS && byte == '_');
}

/* Letters and digits; a control byte between them is ignored. */
static void take_word(struct at_run *run, struct out *name)
{
    for (; run->next < run->count; run->next++) {
        uint8_t byte = run->body[run->next];
        if (is_name_byte(byte))
            out_u8(name, upper_case(byte));
        else if (!is_control(byte))
            return;
    }
}

static struct params take_params(struct at_run *run, size_t end)
{
    struct params taken = params_of(run->body + run->next, end - run->next);
    taken.is_clean = !run->has_control;
    run->next = end;
    return taken;
}

static struct params take_digits(struct at_run *run)
{
    struct at_run behind = *run;
    while (is_digit(next_byte(&behind)) ||
           (next_byte(&behind) >= 0 && is_control((uint8_t)next_byte(&behind))))
        behind.next++;
    return take_params(run, behind.next);
}

static enum form take_form(struct at_run *run)
{
    skip_blanks(run);
    int mark = next_byte(run);
    if (mark != '=' && mark != '?')
        return FORM_EXECUTE;
    run->next++;
    skip_blanks(run);
    return mark == '=' ? FORM_SET : FORM_READ;
}

/* ---- finding a command by its name ----------------------------------------------------------- */

/* Below, at or above 0, as the typed name stands before, at or behind the other. */
static int compare_names(struct span typed, const char *name)
{
    size_t common = 0;
    while (common < typed.count && typed.bytes[common] == (uint8_t)name[common])
        common++;
    return (common < typed.count ? typed.bytes[common] : 0) - (uint8_t)name[common];
}

static const struct at_command *bisect(const struct at_table *table, struct span typed)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_names(typed, table->commands[middle].name);
        if (order == 0)
            return &table->commands[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static ONE_COPY const struct at_command *find_command(const struct at_table *table,
                                                      const struct out *name)
{
    if (name->overflowed)
        return NULL;
    const struct at_command *found = bisect(table, out_written(name));
#if IMQTT_WITH_DIALECTS
    if (found == NULL && table->base != NULL)
        found = bisect(table->base, out_written(name));
#endif
    return found;
}

/* ---- extended commands: +NAME --------------------------------------------------------------- */

static bool is_word_byte(int byte)
{
    return is_name_byte(byte) || (byte >= 0 && is_control((uint8_t)byte));
}

/* A host mostly sends one command over and over. To spell its name out and search for it each time
 * would cost 540 instructions more than the 2,260 of a QoS 0 publish (flood0 of script/bench). */
static bool repeats_last(const struct at_run *run)
{
    size_t count = run->last_name_bytes;
    return count > 0 && count <= run->count - run->next &&
           memcmp(run->body + run->next, run->last->name, count) == 0 &&
           !is_word_byte(byte_at(run, run->next + count));
}

static void find_by_name(const struct at_table *table, struct at_run *run, struct typed *typed)
{
    take_name_byte(run, &typed->name);
    take_word(run, &typed->name);
    typed->command = find_command(table, &typed->name);
    if (typed->command == NULL)
        return;
    run->last = typed->command;
    run->last_name_bytes = typed->name.count;
}

static void take_extended_name(const struct at_table *table, struct at_run *run,
                               struct typed *typed)
{
    if (!repeats_last(run)) {
        find_by_name(table, run, typed);
        return;
    }
    typed->command = run->last;
    run->next += run->last_name_bytes;
}

/* Where the parameters end that begin at run->next. */
static size_t find_end(const struct at_run *run, const struct at_command *command)
{
    if (command != NULL && command->takes_rest)
        return run->count;
    size_t count = run->count - run->next;
    return run->next +
           (count > 0 ? quoting_find_separator(span_of(run->body + run->next, count)) : 0);
}

/* `=?` tests only when nothing follows: a string may begin with a question mark. */
static bool is_test(struct params params)
{
    if (params.count == 0 || params.bytes[0] != '?')
        return false;
    params = params_of(params.bytes + 1, params.count - 1);
    return !params_more(&params);
}

static void take_extended(const struct at_table *table, struct at_run *run, struct typed *typed)
{
    take_extended_name(table, run, typed);
    typed->form = take_form(run);
    typed->params = take_params(run, find_end(run, typed->command));
    if (typed->form == FORM_SET && is_test(typed->params)) {
        typed->form = FORM_TEST;
        typed->params = params_of(NULL, 0);
    }
    if (typed->form == FORM_EXECUTE && params_more(&typed->params))
        typed->form = FORM_NONE;
}

/* ---- basic commands: E0, &F, S3=13 ----------------------------------------------------------- */

/* A register is known by its number without leading zeros; one without a number by none. */
static void take_register_number(struct at_run *run, struct out *name)
{
    struct params digits = take_digits(run);
    uint32_t number = params_number(&digits, 0, UINT8_MAX);
    if (params_end(&digits) == IMQTT_DONE)
        out_decimal(name, (int32_t)number);
}

static void take_basic(const struct at_table *table, struct at_run *run, struct typed *typed)
{
    uint8_t first = upper_case(run->body[run->next]);
    take_name_byte(run, &typed->name);
    if (first == '&')
        take_name_byte(run, &typed->name);
    if (first == 'S')
        take_register_number(run, &typed->name);
    typed->command = find_command(table, &typed->name);
    typed->form = is_digit(next_byte(run)) ? FORM_EXECUTE : take_form(run);
    typed->params = typed->form == FORM_READ ? params_of(NULL, 0) : take_digits(run);
}

/* ---- running -------------------------------------------------------------------------------- */

static at_handler *handler_of(const struct at_command *command, enum form form)
{
    switch (form) {
    case FORM_EXECUTE:
        return command->execute;
    case FORM_SET:
        return command->set;
    case FORM_READ:
        return command->read;
    case FORM_TEST:
        return command->test;
    default:
        return NULL;
    }
}

static bool is_no_setting(const struct typed *typed)
{
    return typed->command->acts || typed->form == FORM_READ || typed->form == FORM_TEST;
}

static enum imqtt_status run_other(const struct at_run *run, void *context, struct typed *typed)
{
#if IMQTT_WITH_OWN_COMMANDS
    if (run->other == NULL || typed->form == FORM_NONE || typed->name.overflowed)
        return IMQTT_NOT_SUPPORTED;
    if (typed->form == FORM_READ && params_more(&typed->params))
        return IMQTT_BAD_PARAMETERS;
    enum imqtt_form form = (enum imqtt_form)(typed->form - FORM_EXECUTE);
    return run->other(context, out_written(&typed->name), form, &typed->params);
#else
    (void)run, (void)context, (void)typed;
    return IMQTT_NOT_SUPPORTED;
#endif
}

static enum imqtt_status run_command(const struct at_run *run, void *context, struct typed *typed)
{
    if (typed->command == NULL)
        return run_other(run, context, typed);
    if (run->settings_only && is_no_setting(typed))
        return IMQTT_NOT_ALLOWED;
    at_handler *handler = handler_of(typed->command, typed->form);
    if (handler == NULL)
        return typed->form == FORM_TEST ? IMQTT_DONE : IMQTT_NOT_SUPPORTED;
    if (typed->form == FORM_READ && params_more(&typed->params))
        return IMQTT_BAD_PARAMETERS;
    struct at_call call = {context, typed->command, &typed->params};
    return handler(&call);
}

/* Other makers have other marks than V.250: AT^, AT$ ... */
static bool is_extended_mark(int byte)
{
    static const char others[] = {'^', '$', '#', '%', '*', '!'};
    return byte == '+' || (IMQTT_WITH_OWN_COMMANDS && memchr(others, byte, sizeof others) != NULL);
}

static void take_command(const struct at_table *table, struct at_run *run, struct typed *typed)
{
    typed->name = out_on(typed->name_bytes, sizeof typed->name_bytes);
    if (is_extended_mark(next_byte(run)))
        take_extended(table, run, typed);
    else
        take_basic(table, run, typed);
}

bool at_run_has_more(struct at_run *run)
{
    skip_separators(run);
    return run->next < run->count;
}

ONE_COPY enum imqtt_status at_run_command(const struct at_table *table, void *context,
                                          struct at_run *run)
{
    size_t begins = run->next;
    struct typed typed;
    take_command(table, run, &typed);
    run->current = typed.command;
#if IMQTT_WITH_DIALECTS
    run->begun = begins;
#endif
    enum imqtt_status status = run_command(run, context, &typed);
    if (status == IMQTT_LATER)
        run->next = begins;
    return status;
}
