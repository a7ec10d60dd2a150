/* log.h: what the adapters say to the program they run in. The program provides these functions
 * (a contract at link time). Texts never hold a secret or a payload. */
#ifndef HOST_LOG_H
#define HOST_LOG_H

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };

/* One line of the log, from any thread. about names the terminal or the part of the program it is
 * about. */
void host_log(enum log_level level, const char *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A terminal can be used: its kind and name ("pty /tmp/modem"), and the address it really has. */
void host_ready(const char *terminal, const char *address);

#endif
