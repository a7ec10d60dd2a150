/* need.h: memory for what a configuration says. A program that cannot even hold that has nothing to
 * do but to end, with a line that says so. */
#ifndef IMQTTD_NEED_H
#define IMQTTD_NEED_H

#include <stddef.h>

void *need_resize(void *block, size_t bytes);

/* All zero. */
void *need_new(size_t bytes);

char *need_copy(const char *text);
char *need_copy_bytes(const char *text, size_t count);

#endif
