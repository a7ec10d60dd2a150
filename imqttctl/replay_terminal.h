/* replay_terminal.h: a modem's terminal, opened as its host opens it. */
#ifndef IMQTTCTL_REPLAY_TERMINAL_H
#define IMQTTCTL_REPLAY_TERMINAL_H

/* "PATH" of a PTY or a serial device, "tcp HOST:PORT", "unix PATH", or as a modem's "terminal" says
 * it ("pty PATH"). -1: it was said why not. */
int replay_terminal_open(const char *terminal);

#endif
