#include "imqttctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>

enum ctl_exit ctl_say(enum ctl_exit code, const char *format, ...)
{
    va_list values;
    fflush(stdout);
    fputs("imqttctl: ", stderr);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    return code;
}
