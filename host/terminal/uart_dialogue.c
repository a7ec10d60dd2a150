#include "host/terminal/uart_dialogue.h"

#include <string.h>
#include <strings.h>

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* The modem ignores what stands before "AT", too: noise, half a line. NULL: it is no command. */
static const char *find_command(const struct uart_dialogue *dialogue)
{
    for (size_t at = 0; at + 2 <= dialogue->typed_bytes; at++)
        if (strncasecmp(dialogue->typed + at, "AT", 2) == 0)
            return dialogue->typed + at;
    return NULL;
}

static enum dialogue_event end_line(struct uart_dialogue *dialogue)
{
    const char *command = find_command(dialogue);
    dialogue->typed[dialogue->typed_bytes] = '\0';
    dialogue->typed_bytes = 0;
    if (command == NULL)
        return DIALOGUE_NOTHING;
    memcpy(dialogue->command, command, strlen(command) + 1);
    dialogue->state = DIALOGUE_ANSWERING;
    return DIALOGUE_LINE_ENDED;
}

enum dialogue_event dialogue_typed(struct uart_dialogue *dialogue, uint8_t byte)
{
    if (dialogue->state == DIALOGUE_DATA)
        return dialogue->typed_bytes++ == 0 ? DIALOGUE_DATA_TYPED : DIALOGUE_NOTHING;
    if (is_line_end(byte))
        return end_line(dialogue);
    if (dialogue->typed_bytes < DIALOGUE_COMMAND_BYTES)
        dialogue->typed[dialogue->typed_bytes++] = (char)byte;
    return DIALOGUE_NOTHING;
}

void dialogue_follow_data(struct uart_dialogue *dialogue, bool awaits_data)
{
    if (awaits_data && dialogue->state != DIALOGUE_DATA) {
        dialogue->is_answered = dialogue->state == DIALOGUE_IDLE;
        dialogue->state = DIALOGUE_DATA;
        dialogue->typed_bytes = 0;
    } else if (!awaits_data && dialogue->state == DIALOGUE_DATA && dialogue->is_answered) {
        dialogue_ended(dialogue);
    }
}

static bool is_text(const uint8_t *line, size_t count, const char *text)
{
    return count == strlen(text) && memcmp(line, text, count) == 0;
}

static bool is_final_result(const uint8_t *line, size_t count)
{
    static const char error[] = "+CME ERROR:";
    return is_text(line, count, "OK") || is_text(line, count, "ERROR") ||
           (count > sizeof error && memcmp(line, error, sizeof error - 1) == 0);
}

enum dialogue_event dialogue_said(struct uart_dialogue *dialogue, const uint8_t *line, size_t count)
{
    if (dialogue->state == DIALOGUE_IDLE)
        return DIALOGUE_NOTHING;
    while (count > 0 && is_line_end(line[count - 1]))
        count--;
    while (count > 0 && is_line_end(*line)) {
        line++;
        count--;
    }
    if (is_final_result(line, count))
        return DIALOGUE_FINAL_RESULT;
    if (count == 0 || line[0] != '>')
        return DIALOGUE_NOTHING;
    dialogue->state = DIALOGUE_DATA;
    dialogue->typed_bytes = 0;
    return DIALOGUE_PROMPT;
}

void dialogue_ended(struct uart_dialogue *dialogue)
{
    if (dialogue->state == DIALOGUE_DATA)
        dialogue->typed_bytes = 0;
    dialogue->state = DIALOGUE_IDLE;
    dialogue->is_answered = false;
}

const char *dialogue_command(const struct uart_dialogue *dialogue)
{
    return dialogue->state == DIALOGUE_IDLE ? NULL : dialogue->command;
}
