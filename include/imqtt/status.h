/* status.h: how a command ends: every final result and every error number, once.
 *
 * The numbers and texts are those of 3GPP TS 27.007 section 9.2; the host sees them
 * when it has asked with AT+CMEE=1 (number) or AT+CMEE=2 (text).
 */
#ifndef IMQTT_STATUS_H
#define IMQTT_STATUS_H

/* X(name, CME number, text) */
#define IMQTT_ERRORS(X)                                                                            \
    X(IMQTT_NOT_ALLOWED, 3, "operation not allowed")                                               \
    X(IMQTT_NOT_SUPPORTED, 4, "operation not supported")                                           \
    X(IMQTT_NO_SIM, 10, "SIM not inserted")                                                        \
    X(IMQTT_TEXT_TOO_LONG, 24, "text string too long")                                             \
    X(IMQTT_BAD_CHARACTER, 25, "invalid characters in text string")                                \
    X(IMQTT_NO_NETWORK_SERVICE, 30, "no network service")                                          \
    X(IMQTT_NETWORK_TIMEOUT, 31, "network timeout")                                                \
    X(IMQTT_BAD_PARAMETERS, 50, "incorrect parameters")                                            \
    X(IMQTT_UNKNOWN_ERROR, 100, "unknown")

/* Those that other makers' modules have besides. ROW(name, CME number, text) */
#define IMQTT_DIALECT_ERRORS(ROW) ROW(IMQTT_NO_SUCH_FILE, 405, "file not found")

enum imqtt_status {
    IMQTT_DONE = 0, /* OK */
#define IMQTT_ERROR_VALUE(name, number, text) name = number,
    IMQTT_ERRORS(IMQTT_ERROR_VALUE) IMQTT_DIALECT_ERRORS(IMQTT_ERROR_VALUE)
#undef IMQTT_ERROR_VALUE
    /* Not results: a handler's way to say that the result comes later. */
    IMQTT_PENDING = 1000, /* begun; an event will end it */
    IMQTT_LATER = 1001,   /* not begun, nothing changed: run it again when there is room */
    /* Done, and not printed: the handler has said OK where its dialect wants it. What fails has a
     * number above, and its dialect says it. */
    IMQTT_ANSWERED = 1002,
};

#endif
