#include "host/terminal/pty_echo.h"

#include <termios.h>

/* The master's settings are those of the line. */
bool pty_echo_switch_off(int master)
{
    struct termios line;
    if (tcgetattr(master, &line) != 0 || (line.c_lflag & (ECHO | ECHONL)) == 0)
        return false;
    line.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    return tcsetattr(master, TCSANOW, &line) == 0;
}
