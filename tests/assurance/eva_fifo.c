/* eva_fifo.c: bytes that wait, put and taken in pieces of any length, with and without memory. */
#include "core/bytes/fifo.h"
#include "tests/assurance/any_bytes.h"

static void put_and_take(size_t put, size_t taken)
{
    struct fifo fifo;
    fifo_init(&fifo, &any_memory, IMQTT_MEMORY_OUTPUT, ANY_BYTES);
    (void)fifo_put(&fifo, any_span(put));
    if (taken <= fifo_waiting(&fifo).count)
        fifo_take(&fifo, taken);
    (void)fifo_put(&fifo, any_span(taken));
    struct out out = fifo_begin_growing(&fifo);
    out_u8(&out, 'x');
    out_decimal(&out, -1);
    if (!out.overflowed)
        fifo_end(&fifo, &out);
    fifo_clear(&fifo);
}

int main(void)
{
    for (size_t put = 0; put <= ANY_BYTES; put++)
        for (size_t taken = 0; taken <= ANY_BYTES; taken++)
            put_and_take(put, taken);
    return 0;
}
