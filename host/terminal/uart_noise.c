#include "host/terminal/uart_noise.h"

#define OUT_BYTES 1280 /* a byte, and what the noisiest fault puts before it */

struct outlet {
    uint8_t bytes[OUT_BYTES];
    size_t count;
};

static bool is_noise(const struct fault *fault)
{
    return fault->type == FAULT_DROP || fault->type == FAULT_GARBLE || fault->type == FAULT_INSERT;
}

static struct fault *next_noise(const struct uart_noise *noise, const struct fault *after)
{
    struct fault *fault = fault_set_next(noise->lane.set, after, FAULT_ON_UART, noise->lane.stream);
    while (fault != NULL && !is_noise(fault))
        fault = fault_set_next(noise->lane.set, fault, FAULT_ON_UART, noise->lane.stream);
    return fault;
}

static void begin_piece(struct uart_noise *noise)
{
    uint64_t bit = 1;
    noise->is_in_piece = true;
    noise->striking = 0;
    for (struct fault *each = NULL; (each = next_noise(noise, each)) != NULL; bit <<= 1)
        if (fault_strikes(noise->lane.set, each))
            noise->striking |= bit;
}

/* The faults that strike this piece, in their order. */
struct struck {
    struct fault *faults[FAULT_SET_MAX];
    size_t count;
};

static void find_struck(const struct uart_noise *noise, struct struck *struck)
{
    uint64_t bit = 1;
    struck->count = 0;
    for (struct fault *each = NULL; (each = next_noise(noise, each)) != NULL; bit <<= 1)
        if ((noise->striking & bit) != 0)
            struck->faults[struck->count++] = each;
}

static bool flush(struct uart_noise *noise, struct outlet *out)
{
    size_t count = out->count;
    out->count = 0;
    return count == 0 || fault_lane_add(&noise->lane, out->bytes, count);
}

static void insert(struct fault *fault, struct outlet *out)
{
    for (uint64_t i = 0; i < fault->values[FAULT_BYTES]; i++)
        out->bytes[out->count++] = (uint8_t)fault_random_below(&fault->random, 256);
}

/* false: the byte is lost. */
static bool strike(struct fault *fault, struct outlet *out, uint8_t *byte)
{
    if (!fault_random_hits(&fault->random, (uint32_t)fault->values[FAULT_SHARE_PPM]))
        return true;
    if (fault->type == FAULT_DROP)
        return false;
    if (fault->type == FAULT_GARBLE)
        *byte ^= (uint8_t)(1U << fault_random_below(&fault->random, 8));
    else if (out->count + fault->values[FAULT_BYTES] < OUT_BYTES)
        insert(fault, out);
    return true;
}

static void take(const struct struck *struck, struct outlet *out, uint8_t byte)
{
    bool is_there = true;
    for (size_t i = 0; i < struck->count && is_there; i++)
        is_there = strike(struck->faults[i], out, &byte);
    if (is_there)
        out->bytes[out->count++] = byte;
}

static bool end_piece(struct uart_noise *noise, struct outlet *out)
{
    if (!flush(noise, out))
        return false;
    noise->is_in_piece = false;
    fault_lane_close_piece(&noise->lane);
    return true;
}

bool uart_noise_add(struct uart_noise *noise, const uint8_t *bytes, size_t count)
{
    struct outlet out;
    struct struck struck;
    bool went = true;
    out.count = 0;
    find_struck(noise, &struck);
    for (size_t i = 0; i < count && went; i++) {
        if (!noise->is_in_piece) {
            begin_piece(noise);
            find_struck(noise, &struck);
        }
        if (out.count > OUT_BYTES / 8)
            went = flush(noise, &out);
        take(&struck, &out, bytes[i]);
        if (bytes[i] == '\r' || bytes[i] == '\n')
            went = went && end_piece(noise, &out);
    }
    return went && flush(noise, &out);
}

void uart_noise_release(struct uart_noise *noise, const struct fault *removed)
{
    noise->striking = 0; /* their order is another now */
    fault_lane_release(&noise->lane, removed);
}

void uart_noise_init(struct uart_noise *noise, struct fault_set *set, enum fault_stream stream)
{
    *noise = (struct uart_noise){.striking = 0};
    fault_lane_init(&noise->lane, set, FAULT_ON_UART, stream);
}

void uart_noise_end(struct uart_noise *noise)
{
    fault_lane_end(&noise->lane);
}
