/* failure.h: why the network, the protocol or a request failed: the fields of AT+IMQTTERR?. */
#ifndef IMQTT_FAILURE_H
#define IMQTT_FAILURE_H

#include <stdint.h>

/* X(name, its word in AT+IMQTTERR?) */
#define IMQTT_STAGES(X)                                                                            \
    X(IMQTT_STAGE_NONE, "none")                                                                    \
    X(IMQTT_STAGE_DNS, "dns")                                                                      \
    X(IMQTT_STAGE_TCP, "tcp")                                                                      \
    X(IMQTT_STAGE_TLS, "tls")                                                                      \
    X(IMQTT_STAGE_CONNACK, "connack")                                                              \
    X(IMQTT_STAGE_KEEPALIVE, "keepalive")                                                          \
    X(IMQTT_STAGE_PEER, "peer")                                                                    \
    X(IMQTT_STAGE_REQUEST, "request")                                                              \
    X(IMQTT_STAGE_REGISTER, "register")

enum imqtt_stage {
#define IMQTT_STAGE_VALUE(name, text) name,
    IMQTT_STAGES(IMQTT_STAGE_VALUE)
#undef IMQTT_STAGE_VALUE
};

/* Its word in AT+IMQTTERR?, in logs and metrics. */
static inline const char *imqtt_stage_word(enum imqtt_stage stage)
{
    static const char *const words[] = {
#define IMQTT_STAGE_WORD(name, word) word,
        IMQTT_STAGES(IMQTT_STAGE_WORD)
#undef IMQTT_STAGE_WORD
    };
    return words[stage];
}

struct imqtt_failure {
    enum imqtt_stage stage;
    int32_t code;     /* CONNACK return code, errno or TLS error; 0 if none */
    const char *text; /* English, no secret, not NULL; copied, at most IMQTT_FAILURE_TEXT_BYTES */
};

#endif
