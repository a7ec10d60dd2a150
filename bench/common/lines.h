/* lines.h: what a modem answers, line by line. */
#ifndef BENCH_COMMON_LINES_H
#define BENCH_COMMON_LINES_H

#include "common/input.h"

struct line {
    const char *text; /* not NUL-terminated, without its end */
    size_t length;
};

/* Takes the next whole line off the piece. false: what is left of it is the begin of one. */
bool lines_next(struct piece *piece, struct line *line);

bool line_is(struct line line, const char *text);
bool line_begins(struct line line, const char *text);

#endif
