#include "imqttctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>

enum ctl_exit ctl_say(enum ctl_exit code, const char *format, ...)
{
    va_list values;
    (void)fflush(stdout);
    (void)fputs("imqttctl: ", stderr);
    va_start(values, format);
    (void)vfprintf(stderr, format, values);
    va_end(values);
    (void)fputc('\n', stderr);
    return code;
}
