/* line.h: the line discipline: bytes from the host in, command lines out (commands.md section 1).
 *
 * Finds "AT" (any case, anything before it is ignored), "A/", the end of the line, echoes, edits,
 * and swallows a line that is too long. A body stays as it is until the next one begins, which is
 * what "A/" repeats.
 */
#ifndef CORE_AT_LINE_H
#define CORE_AT_LINE_H

#include "core/bytes/fifo.h"

enum line_event {
    LINE_MORE,      /* the input is used up, no line is complete */
    LINE_READY,     /* a line is complete: line_body() */
    LINE_TOO_LONG,  /* a line ended that was longer than IMQTT_LINE_BYTES */
    LINE_NO_MEMORY, /* a line ended that could not be kept */
};

struct line {
    struct lease lease;   /* the body: what follows "AT" */
    size_t count;         /* bytes of it */
    enum line_event fate; /* how its line ends, or has ended, and so what "A/" answers */
    size_t prefix_count;  /* characters typed before "AT" is complete, its A among them */
    uint32_t prefix_as;   /* which of the last 32 of them were an A: the newest is bit 0 */
    bool in_body;         /* "AT" has come */
    bool begun;           /* the body is this line's, no longer the last one's */
    bool has_control;     /* the body holds a control byte */
    bool may_be_paired;   /* the last byte was the CR or LF that ended a line */
    uint8_t ended_by;     /* which of them */
    uint8_t host_pair[2]; /* how the line before the current one ended: CR LF, CR NUL (telnet), LF
                             CR; the first is 0 if in one byte */
#if IMQTT_WITH_DIALECTS
    bool is_passed; /* the current line is passed over, and is not empty */
#endif
};

/* Borrows nothing yet; memory must outlive the line. */
void line_init(struct line *line, const struct imqtt_memory_port *memory);

/* Uses bytes of *in up to and including the end of one line, or all of them; lines without "AT" are
 * passed over. Echoes into *echo, or not if echo is NULL: at most three bytes for each one used,
 * and what *echo has no room for is not echoed. */
enum line_event line_feed(struct line *line, struct span *in, struct fifo *echo);

/* What followed "AT" in the last complete line; empty before the first. Writable: params.h blanks
 * out ignored bytes in place. Valid until the next line_feed(). */
uint8_t *line_body(struct line *line, size_t *count);

/* Whether it holds a control byte: few lines do, and each of their bytes was looked at already. */
bool line_has_control(const struct line *line);

/* Whether the host is in the middle of a line: a URC then waits (section 3). */
bool line_is_partial(const struct line *line);

#if IMQTT_WITH_DIALECTS
/* As line_feed(), for a line that is not to be run: the last body stays as it is. true: the end of one
 * that is not empty. What has begun so must end so: line->is_passed. */
bool line_pass_over(struct line *line, struct span *in, struct fifo *echo);
#endif

/* Not a line follows but data (IMQTTPUBEX, section 5). Swallows the byte that is next and still
 * belongs to the end of the last line, of what has come with it: an LF behind its CR, or what the
 * host's line before had there. */
void line_swallow_early(struct line *line, struct span *in);

/* The same for what came after the prompt: only what the host's line before had there. Called with
 * each piece of data; it does nothing from the second on. */
void line_swallow_late(struct line *line, struct span *in);

/* Whether a byte that has not come yet still belongs to the last line: its host ends lines in two
 * bytes. True only between the first of them and the next byte. */
bool line_expects_more(const struct line *line);

/* Gives the memory back, and forgets the last line. */
void line_end(struct line *line);

#endif
