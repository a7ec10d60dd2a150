/* pty_echo.h: a pseudo-terminal whose host left ECHO on gives a modem back all that it says, as if
 * the host had typed it: answers would be answered, and a message from anywhere would run. */
#ifndef HOST_TERMINAL_PTY_ECHO_H
#define HOST_TERMINAL_PTY_ECHO_H

#include <stdbool.h>

/* Before something is said: ECHO is off. true: it was on. */
bool pty_echo_switch_off(int master);

#endif
