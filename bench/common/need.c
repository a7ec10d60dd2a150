#include "common/need.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void need(bool held, const char *what)
{
    if (held)
        return;
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
    exit(1);
}
