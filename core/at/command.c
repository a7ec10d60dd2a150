#include "core/at/command.h"

#include "core/at/control.h"

#define NAME_BYTES 24 /* a longer name is unknown */

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

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(int byte)
{
    int upper = byte & ~0x20;
    return upper >= 'A' && upper <= 'Z';
}

static uint8_t upper_case(uint8_t byte)
{
    return is_letter(byte) ? (uint8_t)(byte & ~0x20) : byte;
}

static void take_name_byte(struct at_run *run, struct out *name)
{
    if (run->next < run->count)
        out_u8(name, upper_case(run->body[run->next++]));
    skip_blanks(run);
}

/* Letters and digits; a control byte between them is ignored. */
static void take_word(struct at_run *run, struct out *name)
{
    struct out word = *name; /* a copy that nothing else points at is kept in registers */
    size_t at = run->next;
    for (; at < run->count; at++) {
        uint8_t byte = run->body[at];
        if (is_letter(byte) || is_digit(byte))
            out_u8(&word, upper_case(byte));
        else if (!is_control(byte))
            break;
    }
    run->next = at;
    *name = word;
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

/* Both neighbours of the place where the name belongs are known to share so much with it; what lies
 * between them shares it too, and is compared only from there on. */
static size_t count_common(struct span typed, const char *name, size_t common)
{
    while (common < typed.count && typed.bytes[common] == (uint8_t)name[common])
        common++;
    return common;
}

static const struct at_command *bisect(const struct at_table *table, struct span typed)
{
    size_t low = 0, high = table->count, low_common = 0, high_common = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *name = table->commands[middle].name;
        size_t common =
            count_common(typed, name, low_common < high_common ? low_common : high_common);
        int order = (common < typed.count ? typed.bytes[common] : 0) - (uint8_t)name[common];
        if (order == 0)
            return &table->commands[middle];
        if (order < 0) {
            high = middle;
            high_common = common;
        } else {
            low = middle + 1;
            low_common = common;
        }
    }
    return NULL;
}

static const struct at_command *find_command(const struct at_table *table, const struct out *name)
{
    return name->overflowed ? NULL : bisect(table, out_written(name));
}

/* ---- extended commands: +NAME --------------------------------------------------------------- */

static bool is_imqtt(struct span name)
{
    struct span family = span_text("+IMQTT");
    return name.count >= family.count && memcmp(name.bytes, family.bytes, family.count) == 0;
}

static bool is_word_byte(int byte)
{
    return is_letter(byte) || is_digit(byte) || (byte >= 0 && is_control((uint8_t)byte));
}

/* A host mostly sends one command over and over: its name needs no second search. */
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

/* Returns the name. */
static struct span take_extended_name(const struct at_table *table, struct at_run *run,
                                      struct typed *typed)
{
    if (!repeats_last(run)) {
        find_by_name(table, run, typed);
        return out_written(&typed->name);
    }
    typed->command = run->last;
    run->next += run->last_name_bytes;
    return span_of((const uint8_t *)run->last->name, run->last_name_bytes);
}

/* The index of the next `;` outside quotes, or of the end. */
static size_t find_separator(const struct at_run *run)
{
    bool quoted = false;
    for (size_t i = run->next; i < run->count; i++) {
        if (quoted && run->body[i] == '\\')
            i++;
        else if (run->body[i] == '"')
            quoted = !quoted;
        else if (run->body[i] == ';' && !quoted)
            return i;
    }
    return run->count;
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
    struct span name = take_extended_name(table, run, typed);
    struct at_run command = *run;
    if (!is_imqtt(name))
        command.count = find_separator(run);
    typed->form = take_form(&command);
    typed->params = take_params(&command, command.count);
    if (typed->form == FORM_SET && is_test(typed->params)) {
        typed->form = FORM_TEST;
        typed->params = params_of(NULL, 0);
    }
    if (typed->form == FORM_EXECUTE && params_more(&typed->params))
        typed->form = FORM_NONE;
    run->next = command.next;
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

static enum imqtt_status run_command(struct imqtt_modem *modem, struct typed *typed)
{
    if (typed->command == NULL)
        return IMQTT_NOT_SUPPORTED;
    at_handler *handler = handler_of(typed->command, typed->form);
    if (handler == NULL)
        return typed->form == FORM_TEST ? IMQTT_DONE : IMQTT_NOT_SUPPORTED;
    if (typed->form == FORM_READ && params_more(&typed->params))
        return IMQTT_BAD_PARAMETERS;
    return handler(modem, &typed->params);
}

static void take_command(const struct at_table *table, struct at_run *run, struct typed *typed)
{
    typed->name = out_on(typed->name_bytes, sizeof typed->name_bytes);
    if (next_byte(run) == '+')
        take_extended(table, run, typed);
    else
        take_basic(table, run, typed);
}

enum imqtt_status at_run_line(const struct at_table *table, struct imqtt_modem *modem,
                              struct at_run *run)
{
    enum imqtt_status status = IMQTT_DONE;
    for (skip_separators(run); status == IMQTT_DONE && run->next < run->count;
         skip_separators(run)) {
        struct at_run command = *run;
        struct typed typed;
        take_command(table, &command, &typed);
        status = run_command(modem, &typed);
        run->last = command.last;
        run->last_name_bytes = command.last_name_bytes;
        if (status != IMQTT_LATER)
            run->next = command.next;
    }
    return status;
}
