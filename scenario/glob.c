#include "scenario/glob.h"

#include <ctype.h>

static bool is_same(char a, char b, bool ignores_case)
{
    return a == b || (ignores_case && tolower((unsigned char)a) == tolower((unsigned char)b));
}

/* Only the latest star has to be tried again: what an earlier one matched can stay. */
bool glob_matches(const char *glob, const char *text, size_t bytes, bool ignores_case)
{
    const char *star = NULL;
    size_t at = 0, star_at = 0;
    while (at < bytes) {
        if (*glob == '*') {
            star = glob++;
            star_at = at;
        } else if (*glob != '\0' && (*glob == '?' || is_same(*glob, text[at], ignores_case))) {
            glob++;
            at++;
        } else if (star != NULL) {
            glob = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}
