/* unix_socket.h: a listening socket in the file system. */
#ifndef HOST_TERMINAL_UNIX_SOCKET_H
#define HOST_TERMINAL_UNIX_SOCKET_H

/* Mode 0600. A socket of an earlier run is replaced, one that somebody listens on is not: *why names
 * who. -1: *why tells, static text or valid until the next call. */
int unix_socket_listen(const char *path, const char **why);

#endif
