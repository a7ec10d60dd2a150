#include "host/net/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* As libuv has it. */
#define THREADS_DEFAULT 4
#define THREADS_MAX     1024

/* Not uv_getaddrinfo(): it gives lookups only half of the threads, and hides the code that
 * AT+IMQTTERR? shows. */
struct lookup {
    uv_work_t work;
    struct names *names;
    struct lookup *next;
    struct waiter *waiters;
    struct addrinfo *addresses;
    int code;
    int error;
    char host[];
};

static void look_up(uv_work_t *work)
{
    struct lookup *lookup = work->data;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    lookup->code = getaddrinfo(lookup->host, NULL, &hints, &lookup->addresses);
    lookup->error = errno;
}

static void unlink_lookup(struct lookup *lookup)
{
    struct lookup **link = &lookup->names->lookups;
    while (*link != lookup)
        link = &(*link)->next;
    *link = lookup->next;
}

static void tell(uv_work_t *work, int status)
{
    struct lookup *lookup = work->data;
    struct waiter *waiter;
    (void)status;
    unlink_lookup(lookup);
    while ((waiter = lookup->waiters) != NULL) {
        names_forget(waiter);
        waiter->found(waiter, lookup->code == 0 ? lookup->addresses : NULL, lookup->code,
                      lookup->error);
    }
    if (lookup->code == 0)
        freeaddrinfo(lookup->addresses);
    free(lookup);
}

static struct lookup *find(const struct names *names, const char *host)
{
    struct lookup *lookup = names->lookups;
    while (lookup != NULL && strcmp(lookup->host, host) != 0)
        lookup = lookup->next;
    return lookup;
}

static unsigned long threads_wanted(void)
{
    const char *value = getenv("UV_THREADPOOL_SIZE");
    unsigned long count = value != NULL ? strtoul(value, NULL, 10) : THREADS_DEFAULT;
    if (count == 0)
        return 1;
    return count < THREADS_MAX ? count : THREADS_MAX;
}

static void wait_to_end(void *may_end)
{
    uv_sem_wait(may_end);
}

/* 0, or why there cannot be so many threads at a time. */
static int try_threads(unsigned long count)
{
    uv_thread_t threads[THREADS_MAX];
    uv_sem_t may_end;
    unsigned long made = 0;
    int error = uv_sem_init(&may_end, 0);
    if (error != 0)
        return error;
    while (made < count && error == 0) {
        error = uv_thread_create(&threads[made], wait_to_end, &may_end);
        made += error == 0;
    }
    for (unsigned long i = 0; i < made; i++)
        uv_sem_post(&may_end);
    for (unsigned long i = 0; i < made; i++)
        uv_thread_join(&threads[i]);
    uv_sem_destroy(&may_end);
    return error;
}

/* libuv makes its threads at the first piece of work, and aborts the program if it cannot: so they
 * are tried before. */
static bool can_have_threads(struct names *names)
{
    if (names->has_threads)
        return true;
    unsigned long count = threads_wanted();
    int error = try_threads(count);
    names->has_threads = error == 0;
    if (error != 0)
        observer_log(names->observer, LEVEL_ERROR, "names",
                     "cannot make %lu threads to look names up: %s", count, uv_strerror(error));
    return error == 0;
}

static struct lookup *begin(struct names *names, const char *host)
{
    size_t bytes = strlen(host) + 1;
    if (!can_have_threads(names))
        return NULL;
    struct lookup *lookup = calloc(1, sizeof *lookup + bytes);
    if (lookup == NULL)
        return NULL;
    memcpy(lookup->host, host, bytes);
    lookup->work.data = lookup;
    lookup->names = names;
    lookup->next = names->lookups;
    names->lookups = lookup;
    uv_queue_work(&names->loop->uv, &lookup->work, look_up, tell);
    return lookup;
}

int names_find(struct names *names, const char *host, struct waiter *waiter)
{
    struct lookup *lookup = find(names, host);
    if (lookup == NULL)
        lookup = begin(names, host);
    if (lookup == NULL)
        return UV_ENOMEM;
    waiter->lookup = lookup;
    waiter->next = lookup->waiters;
    lookup->waiters = waiter;
    return 0;
}

void names_forget(struct waiter *waiter)
{
    if (waiter->lookup == NULL)
        return;
    struct waiter **link = &waiter->lookup->waiters;
    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
    waiter->lookup = NULL;
}

bool names_are_looked_up(const struct names *names)
{
    return names->lookups != NULL;
}
