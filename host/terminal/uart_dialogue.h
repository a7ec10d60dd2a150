/* uart_dialogue.h: which command is being answered, as somebody sees who watches the line between
 * host and modem.
 */
#ifndef HOST_TERMINAL_UART_DIALOGUE_H
#define HOST_TERMINAL_UART_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIALOGUE_COMMAND_BYTES 256 /* more of a command line is not looked at */

enum dialogue_state {
    DIALOGUE_IDLE,      /* between commands */
    DIALOGUE_ANSWERING, /* a line was typed, its final result has not come */
    DIALOGUE_DATA,      /* likewise, and the modem has asked for data */
};

struct uart_dialogue { /* all zero: nothing was typed */
    enum dialogue_state state;
    char typed[DIALOGUE_COMMAND_BYTES + 1];   /* the line that is being typed */
    size_t typed_bytes;                       /* in it; while data is typed, of the data */
    char command[DIALOGUE_COMMAND_BYTES + 1]; /* the one that is being answered */
    bool is_answered;                         /* data came behind its final result */
};

enum dialogue_event {
    DIALOGUE_NOTHING,
    DIALOGUE_LINE_ENDED,   /* typed: a command begins to be answered with this byte */
    DIALOGUE_DATA_TYPED,   /* typed: the first byte of the data that was asked for */
    DIALOGUE_FINAL_RESULT, /* said: the answer ends with this line */
    DIALOGUE_PROMPT,       /* said: ">" */
};

/* The next byte that the host types. */
enum dialogue_event dialogue_typed(struct uart_dialogue *dialogue, uint8_t byte);

/* Whether the modem takes what is typed next for data, which it tells: a prompt may come behind a final
 * result, or look like any other line. */
void dialogue_follow_data(struct uart_dialogue *dialogue, bool awaits_data);

/* The next line that the modem says, or what there is of one; its final result is told before it is
 * counted: see dialogue_ended(). */
enum dialogue_event dialogue_said(struct uart_dialogue *dialogue, const uint8_t *line,
                                  size_t count);

/* The final result has gone to the host, or will not. */
void dialogue_ended(struct uart_dialogue *dialogue);

/* NULL: none is being answered. */
const char *dialogue_command(const struct uart_dialogue *dialogue);

#endif
