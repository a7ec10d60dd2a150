/* observer.h: whom the adapters tell what happens: given to host_init(), so that a program, a test
 * and a benchmark each decide what becomes of it. Texts never hold a secret or a payload.
 *
 * All functions are called from the loop's thread, but for log, which any thread may call. A
 * function may be NULL: nobody cares.
 */
#ifndef HOST_OBSERVER_H
#define HOST_OBSERVER_H

#include "imqtt/news.h"

struct host_modem;

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };

struct observer {
    void *context;

    /* One line of the log, without a line end. about names the modem or the part of the program. */
    void (*log)(void *context, enum log_level level, const char *about, const char *text);

    /* A terminal can be used: "pty /tmp/modem", and the address it really has. */
    void (*ready)(void *context, const char *terminal, const char *address);

    /* A modem begins, and ends: between the two it may be looked at (host/modem/host_modem.h). False:
     * no memory, and it ends at once. */
    bool (*began)(void *context, struct host_modem *modem);
    void (*ended)(void *context, struct host_modem *modem);

    void (*news)(void *context, struct host_modem *modem, const struct imqtt_news *news);
};

/* One line of the log; what is too long for a line is cut off. */
void observer_log(const struct observer *observer, enum log_level level, const char *about,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

void observer_ready(const struct observer *observer, const char *terminal, const char *address);

#endif
