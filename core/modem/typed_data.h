/* typed_data.h: raw bytes that a host types behind a prompt of another maker's dialect, gathered until
 * they are whole: so many of them, or up to Ctrl-Z, or up to +++ with a second of silence on either
 * side. Knows nothing of what they are for. */
#ifndef CORE_MODEM_TYPED_DATA_H
#define CORE_MODEM_TYPED_DATA_H

#include "core/bytes/fifo.h"

enum typed_end {
    TYPED_BY_COUNT,
    TYPED_BY_CTRL_Z, /* ESC gives it up */
    TYPED_BY_PLUSES,
};

/* What is asked for. */
struct typed_wish {
    enum typed_end end;
    uint32_t bytes;      /* so many; or, up to the end, at most */
    uint32_t silence_ms; /* so long may pass without a byte; 0: IMQTT_DATA_TIMEOUT_MS */
    uint32_t ack_bytes;  /* each so many are answered by an A; 0: none are */
    bool is_echoed;      /* if the host wants an echo */
};

enum typed_result {
    TYPED_MORE, /* is to come */
    TYPED_WHOLE,
    TYPED_GIVEN_UP,
    TYPED_TOO_LONG, /* or there was no memory; its end has come */
    TYPED_TIMED_OUT,
};

struct typed_data {
    struct fifo bytes;
    struct typed_wish wish;
    bool is_open;  /* what the host types is data */
    bool is_whole; /* and is here */
    bool is_lost;
    uint32_t taken_bytes;
    uint8_t pluses;   /* of +++, in a row behind a silence */
    uint64_t byte_ms; /* when the last one came */
    uint64_t last_ms; /* when all of them must have come */
};

void typed_init(struct typed_data *data, const struct imqtt_memory_port *memory);

/* From now on host bytes are data. wish->bytes > 0. */
void typed_begin(struct typed_data *data, const struct typed_wish *wish, uint64_t now_ms);

/* Takes data bytes out of *in, and answers what the wish wants into *output. */
enum typed_result typed_take(struct typed_data *data, struct span *in, struct fifo *output,
                             uint64_t now_ms);

/* What time brings about; MORE: nothing. */
enum typed_result typed_tick(struct typed_data *data, uint64_t now_ms);
uint64_t typed_deadline_ms(const struct typed_data *data);

/* Forgets them and gives the memory back. */
void typed_forget(struct typed_data *data);

#endif
