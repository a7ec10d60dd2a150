/* names.h: the texts of this cloud: how long they are (bytes without the NUL at their end), and how
 * one is copied. */
#ifndef TESTCLOUD_NAMES_H
#define TESTCLOUD_NAMES_H

#include <stdbool.h>
#include <string.h>

#define NAME_BYTES   64  /* ProductKey, DeviceName, secrets, the client id before its bar */
#define TOKEN_BYTES  128 /* deviceToken */
#define OPTION_BYTES 32  /* the value of a field behind the bar */

/* Copies `bytes` bytes and ends them with a NUL; false, and nothing copied, if they do not fit. */
static inline bool names_copy(const char *from, size_t bytes, char *to, size_t room)
{
    if (bytes >= room)
        return false;
    memcpy(to, from, bytes);
    to[bytes] = '\0';
    return true;
}

#endif
