/* line_owner.h: which process has a terminal line, for a second one that wants it. */
#ifndef HOST_TERMINAL_LINE_OWNER_H
#define HOST_TERMINAL_LINE_OWNER_H

/* From now on, until this process closes it, others find it as the owner. */
void line_owner_sign(int fd);

/* "another program has it: pid 1234", or without the pid of one that did not sign. Valid until the
 * next call. */
const char *line_owner_name(int fd);

/* The same of a line that is not let open, by who has a lock on it. */
const char *line_owner_name_at(const char *path);

#endif
