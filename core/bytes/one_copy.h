/* one_copy.h: marks a function that is not to be copied into its callers. At -Os a compiler does so
 * where it takes the copy for smaller than the call, and with 64-bit arithmetic or where a constant
 * seems to fold it is wrong: 18 callers of params_fail() alone cost a firmware 100 bytes. It does so,
 * too, with the one call of a long function, where the caller then runs out of registers: 140 bytes
 * for at_run_command() and the line's feed_next(). Where speed is what is asked for, the compiler may
 * do as it likes. */
#ifndef CORE_BYTES_ONE_COPY_H
#define CORE_BYTES_ONE_COPY_H

#if defined __GNUC__ && defined __OPTIMIZE_SIZE__
#define ONE_COPY __attribute__((noinline))
#else
#define ONE_COPY
#endif

#endif
