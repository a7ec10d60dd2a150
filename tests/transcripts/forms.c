#include "tests/transcripts/forms.h"

#include <ctype.h>

#include "core/modem/spelling.h"
#include "imqtt/dialect.h"

enum { EXECUTE = 1, SET = 2, READ = 4, TEST = 8, ALL = 15 };

#define COMMANDS_MAX 192

static struct span take_letters(struct span *text)
{
    size_t count = 1;
    struct span letters;
    while (count < text->count && (isalnum(text->bytes[count]) || text->bytes[count] == '_'))
        count++;
    span_take(text, count < text->count ? count : text->count, &letters);
    return letters;
}

/* Extended commands have the whole word as their name; basic ones begin with theirs. */
static bool is_named(const struct at_command *command, struct span *text)
{
    struct span name = span_text(command->name), rest = *text, head;
    if (name.bytes[0] == '+')
        head = take_letters(&rest);
    else if (!span_take(&rest, name.count, &head))
        return false;
    if (!span_equal_ignoring_case(head, name))
        return false;
    *text = span_trim(rest);
    return true;
}

static unsigned form_of(struct span behind_name)
{
    if (span_first(behind_name) == '?')
        return READ;
    if (span_first(behind_name) != '=')
        return EXECUTE;
    span_skip(&behind_name, 1);
    behind_name = span_trim(behind_name);
    return span_first(behind_name) == '?' ? TEST : SET;
}

/* "AT" and the spaces around it are off. */
static void note_form(const struct at_table *table, struct span command, unsigned seen[])
{
    for (size_t i = 0; i < table->count; i++) {
        struct span text = command;
        if (is_named(&table->commands[i], &text))
            seen[i] |= form_of(text);
    }
}

static void note_line(const struct at_table *table, struct span line, unsigned seen[])
{
    struct span text, prefix;
    if (!is_typed(line, &text))
        return;
    size_t end = span_find(text, '\\'); /* escapes are no part of a name or a form */
    text = span_trim(span_of(text.bytes, end));
    if (!span_take(&text, 2, &prefix) || !span_equal_ignoring_case(prefix, span_text("AT")))
        return;
    note_form(table, span_trim(text), seen);
}

static unsigned report(const char *name, unsigned seen, unsigned form, const char *suffix)
{
    if ((seen & form) != 0)
        return 0;
    fprintf(stderr, "no transcript types AT%s%s\n", name, suffix);
    return 1;
}

/* Whether the default dialect has this very row: then it is typed there. */
static bool is_typed_elsewhere(const struct at_table *table, const struct at_command *command)
{
    const struct at_table *all = &imqtt_dialect_default.commands;
    for (size_t i = 0; table != all && i < all->count; i++)
        if (strcmp(all->commands[i].name, command->name) == 0 &&
            all->commands[i].execute == command->execute && all->commands[i].set == command->set &&
            all->commands[i].read == command->read && all->commands[i].test == command->test)
            return true;
    return false;
}

unsigned count_missing_forms(const struct script *script, const struct imqtt_dialect *dialect)
{
    const struct at_table *table = &dialect->commands;
    unsigned seen[COMMANDS_MAX] = {0}, missing = 0;
    for (size_t i = 0; i < script->line_count; i++)
        note_line(table, script->lines[i].text, seen);
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->commands[i].name;
        if (is_typed_elsewhere(table, &table->commands[i]))
            continue;
        missing += report(name, seen[i], EXECUTE, "");
        missing += report(name, seen[i], SET, "=...");
        missing += report(name, seen[i], READ, "?");
        missing += report(name, seen[i], TEST, "=?");
    }
    return missing;
}
