#include "tests/fuzz/trace.h"

#include <stdlib.h>

#include "tests/transcripts/buffer.h"

void trace(const char *what, struct span bytes)
{
    if (getenv("FUZZ_TRACE") == NULL)
        return;
    fprintf(stderr, "%-16s", what);
    print_escaped(stderr, bytes);
    fputc('\n', stderr);
}
