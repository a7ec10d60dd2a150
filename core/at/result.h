/* result.h: answers: information lines and final results (commands.md section 3). */
#ifndef CORE_AT_RESULT_H
#define CORE_AT_RESULT_H

#include "core/bytes/fifo.h"
#include "imqtt/features.h"
#include "imqtt/status.h"

/* How the host wants its answers: ATE, ATV, ATQ, AT+CMEE. */
struct at_format {
    bool echo;
    bool verbose;
    bool quiet;
    uint8_t error_form; /* AT+CMEE: 0 ERROR, 1 number, 2 text */
#if IMQTT_WITH_DIALECTS
    bool bare_lines; /* no CR LF in front of information lines */
#endif
};

#define AT_FORMAT_DEFAULT ((struct at_format){.echo = true, .verbose = true})

/* A writer for one information line, framed as the format says. Nothing else may be written until
 * it ends. */
struct out result_begin_line(const struct at_format *format, struct fifo *output);
/* Ends the line. false, and nothing was written, if there was no memory for it. */
bool result_end_line(struct fifo *output, struct out *line);

/* OK, ERROR or +CME ERROR. status is none of the two that mean "later". */
void result_final(const struct at_format *format, struct fifo *output, enum imqtt_status status);

/* Bytes as hex in a read answer: quoted if there are none, as an empty string must be. */
void result_put_hex(struct out *line, struct span bytes);

#endif
