#include "host/modem/memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What frees whole pages, and how many of those in a PAUSE_MS are traffic. */
#define LARGE_BYTES 4096
#define PAUSE_MS    1000
#define TRAFFIC     100

static void note_large_block(struct memory *memory)
{
    if (memory->given_back++ == 0)
        alarm_set(memory->pause, PAUSE_MS);
}

/* malloc by itself lets go only of what is free at the very end of the heap. */
static void on_pause(void *owner)
{
    struct memory *memory = owner;
    bool is_busy = memory->given_back >= TRAFFIC;
    memory->given_back = 0;
    if (is_busy)
        note_large_block(memory);
#ifdef __GLIBC__ /* others have no such call */
    else
        malloc_trim(0);
#endif
}

bool memory_init(struct memory *memory, struct loop *loop, const struct observer *observer,
                 size_t budget_bytes)
{
    memory->observer = observer;
    memory->budget_bytes = budget_bytes != 0 ? budget_bytes : SIZE_MAX;
    memory->pause = alarm_new(loop, on_pause, memory);
    return memory->pause != NULL;
}

void memory_end(struct memory *memory)
{
    alarm_end(memory->pause);
}

static void give_back(struct memory *memory, void *block, size_t bytes)
{
    if (block == NULL)
        return;
    explicit_bzero(block, bytes);
    free(block);
    if (bytes >= LARGE_BYTES)
        note_large_block(memory);
}

/* ---- the budget ----------------------------------------------------------------------------- */

#define KIB         1024U
#define OVERDRAW_MS 5000

static void log_use(const struct memory *memory, enum log_level level, const char *what)
{
    observer_log(memory->observer, level, "memory", "%zu of %zu KiB are in use: %s",
                 memory->used_bytes / KIB, memory->budget_bytes / KIB, what);
}

static void note_short(struct memory *memory, bool is_short)
{
    memory->is_short = is_short;
    if (is_short)
        log_use(memory, LEVEL_WARNING, "modems whose hosts do not read are not read from");
    else
        log_use(memory, LEVEL_INFO, "all are read from again");
    memory->was_used_up = false;
}

static void note_used_up(struct memory *memory)
{
    memory->was_used_up = true;
    log_use(memory, LEVEL_ERROR, "no modem begins, and the largest are not read from");
}

static void keep_account(struct memory_account *account, size_t old_bytes, size_t bytes)
{
    struct memory *memory = account->memory;
    account->bytes += bytes - old_bytes;
    memory->used_bytes += bytes - old_bytes;
    bool is_much = memory->used_bytes >= memory->budget_bytes / 8 * 3;
    bool is_little = memory->used_bytes < memory->budget_bytes / 4;
    if (memory->is_short ? is_little : is_much)
        note_short(memory, !memory->is_short);
    if (memory_is_used_up(memory) && !memory->was_used_up)
        note_used_up(memory);
}

bool memory_may_overdraw(const struct memory_account *account, uint64_t now_ms)
{
    struct memory *memory = account->memory;
    bool is_over = now_ms >= memory->overdraws_until_ms;
    if (memory->overdraws == account && is_over)
        memory->overdraws = NULL; /* the next one that asks */
    else if (memory->overdraws == NULL || is_over) {
        memory->overdraws = account;
        memory->overdraws_until_ms = now_ms + OVERDRAW_MS;
    }
    return memory->overdraws == account && memory->used_bytes < memory->budget_bytes;
}

void memory_end_overdraft(const struct memory_account *account)
{
    if (account->memory != NULL && account->memory->overdraws == account)
        account->memory->overdraws = NULL;
}

/* Not realloc: it would leave what a password once was behind. */
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    (void)purpose;
    struct memory_account *account = context;
    void *resized = NULL;
    if (bytes > 0) {
        resized = malloc(bytes);
        if (resized == NULL)
            return NULL;
        if (block != NULL)
            memcpy(resized, block, old_bytes < bytes ? old_bytes : bytes);
    }
    give_back(account->memory, block, old_bytes);
    keep_account(account, block != NULL ? old_bytes : 0, bytes);
    return resized;
}

struct imqtt_memory_port memory_port(struct memory_account *account)
{
    return (struct imqtt_memory_port){.context = account, .resize = resize};
}
