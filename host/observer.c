#include "host/observer.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_BYTES 512

void observer_log(const struct observer *observer, enum log_level level, const char *about,
                  const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    if (observer->log == NULL)
        return;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is; the check errs on later files */
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    observer->log(observer->context, level, about, text);
}

void observer_ready(const struct observer *observer, const char *terminal, const char *address)
{
    if (observer->ready != NULL)
        observer->ready(observer->context, terminal, address);
}
