/* pty_link.h: the symbolic link by which hosts find a pseudo-terminal. */
#ifndef HOST_TERMINAL_PTY_LINK_H
#define HOST_TERMINAL_PTY_LINK_H

/* Makes link point to pts, at once where a stale link, of an earlier run, is there. Never replaces
 * anything else, nor a link that is held. NULL, or why not: static text. */
const char *pty_link_make(const char *link, const char *pts);

/* Shows others that the link is somebody's, as long as the pts is open as this descriptor. */
void pty_link_hold(const char *link, int pts);

/* Removes it if it still points to pts. */
void pty_link_remove(const char *link, const char *pts);

#endif
