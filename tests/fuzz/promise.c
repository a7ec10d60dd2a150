#include "tests/fuzz/target.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void promise_broken(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("broken promise: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}
