/* json.h: the strings at the top level of a JSON object (RFC 8259), read in fixed memory. */
#ifndef CORE_ALIYUN_JSON_H
#define CORE_ALIYUN_JSON_H

#include "core/bytes/out.h"

/* A string to look for. */
struct json_member {
    const char *name;
    struct out value; /* where it goes, escapes resolved, in UTF-8; its capacity is the most bytes
                         that are of use */
    bool found;       /* it was there, a string, and not longer than that; of several the last */
};

/* Fills `members` from one object; other members, of any type, are passed over. text: at most
 * 64 KiB. false: not one JSON object, or nested so deep (over 15 levels) that it cannot be read. */
bool json_read_strings(struct span text, struct json_member *members, size_t count);

#endif
