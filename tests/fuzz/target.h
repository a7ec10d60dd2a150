/* target.h: a fuzz target: one surface of the core under bytes that nobody chose.
 *
 * A target is a file of targets/, linked with libFuzzer, or with replay.c, which runs files through
 * it. Whatever the bytes are, the promises that the target checks must be kept.
 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's name for it. Returns 0; a broken promise does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Prints the promise that was broken, and aborts. */
_Noreturn void promise_broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

static inline void promise(int kept, const char *what)
{
    if (!kept)
        promise_broken("%s", what);
}

#endif
