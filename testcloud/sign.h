/* sign.h: signatures: HMAC as hex digits. */
#ifndef TESTCLOUD_SIGN_H
#define TESTCLOUD_SIGN_H

#include <stdbool.h>

/* Whether `signature` is the HMAC of `text` with that key, in hex digits of either case. method:
 * hmacmd5, hmacsha1 or hmacsha256; any other matches nothing. All are NUL-terminated. */
bool sign_matches(const char *method, const char *key, const char *text, const char *signature);

#endif
