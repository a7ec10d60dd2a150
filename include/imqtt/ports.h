/* ports.h: what the core asks of the machine it runs on.
 *
 * Each port is a struct of functions with a context of the caller's. Rules for all of them:
 *   - the core calls a port only while the application is inside a call of modem.h;
 *   - a port never calls back into the core: it hands its news over later, from the loop;
 *   - what a pointer points to is valid only during the call, unless it says otherwise;
 *   - no port blocks.
 */
#ifndef IMQTT_PORTS_H
#define IMQTT_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqtt/failure.h"
#include "imqtt/features.h"
#include "imqtt/news.h"

/* Where the host listens: a UART, a pseudo-terminal, a socket. */
struct imqtt_terminal_port {
    void *context;

    /* Takes up to count bytes and returns how many it took. Less than count (0 included) means
     * "full": once there is room again the application calls imqtt_modem_flush(). */
    size_t (*write)(void *context, const uint8_t *bytes, size_t count);

    /* Changes a real line's speed and flow control, once everything written before has left it.
     * baud 0: leave it. NULL where the terminal is no real line. */
    void (*configure)(void *context, uint32_t baud, bool rts_cts);
};

/* One connection to a broker at a time. The answers come through modem.h:
 * imqtt_modem_network_opened(), _network_input() and _network_failed(). */
struct imqtt_network_port {
    void *context;

    /* Begins to connect. host is a name or an IPv4 or IPv6 literal, NUL-terminated, and may be
     * gone after the call. The answer is opened or failed, later. Never called while open. */
    void (*open)(void *context, const char *host, uint16_t port, bool tls);

    /* Takes up to count bytes and returns how many it took; less means "full": the application
     * calls imqtt_modem_flush() once there is room. Bytes taken leave in order. */
    size_t (*write)(void *context, const uint8_t *bytes, size_t count);

    /* Ends the connection, or the attempt: what was taken is still sent, then the stream is
     * closed. No answer follows, and nothing of the old connection is reported any more. */
    void (*close)(void *context);
};

/* Memory for what grows: nothing is asked for before it is needed, and it is given back after. */
#define IMQTT_MEMORY_PURPOSES(X)                                                                   \
    X(IMQTT_MEMORY_LINE)          /* the command line, up to IMQTT_LINE_BYTES */                   \
    X(IMQTT_MEMORY_OUTPUT)        /* answers for the terminal */                                   \
    X(IMQTT_MEMORY_URCS)          /* URCs that wait for the end of a command */                    \
    X(IMQTT_MEMORY_INBOX)         /* messages of receive mode 1 */                                 \
    X(IMQTT_MEMORY_RECALL)        /* what AT+IMQTTPUB? and its kin read back */                    \
    X(IMQTT_MEMORY_SETTINGS)      /* the strings of the settings, the will's included */           \
    X(IMQTT_MEMORY_CONTEXTS)      /* names of access points (AT+CGDCONT) */                        \
    X(IMQTT_MEMORY_RECEIPTS)      /* messages whose URC the terminal has not taken yet */          \
    X(IMQTT_MEMORY_SUBSCRIPTIONS) /* topic filters with their granted QoS */                       \
    X(IMQTT_MEMORY_OUTBOX)        /* requests not yet done, up to IMQTT_OUTBOX_BYTES */            \
    X(IMQTT_MEMORY_TRANSMIT)      /* packets for the network, up to IMQTT_TRANSMIT_BYTES */        \
    X(IMQTT_MEMORY_RECEIVE)       /* one inbound packet that came in pieces */                     \
    X(IMQTT_MEMORY_INBOUND_QOS2)  /* packet ids of open inbound exchanges */                       \
    X(IMQTT_MEMORY_REGISTRATION)  /* what AT+IMQTTDYNREG was asked and got */                      \
    X(IMQTT_MEMORY_RECORD)        /* settings on their way to or from the store */                 \
    X(IMQTT_MEMORY_TYPED)         /* imqtt/pump.h: from the host, not used yet */                  \
    X(IMQTT_MEMORY_RECEIVED)      /* and from the broker */                                        \
    X(IMQTT_MEMORY_PRESET)        /* a preset while it is typed, up to IMQTT_LINE_BYTES */         \
    X(IMQTT_MEMORY_RESUBSCRIBE)   /* topic filters of a connection that is made again */           \
    IMQTT_DIALECT_PURPOSES(X)

#if IMQTT_WITH_DIALECTS
#define IMQTT_DIALECT_PURPOSES(X)                                                                  \
    X(IMQTT_MEMORY_CLIENTS) /* settings by the number of a client, and what waits for a command */ \
    X(IMQTT_MEMORY_DATA)    /* data behind a prompt, while it is typed */                          \
    X(IMQTT_MEMORY_LINK)    /* imqtt/clients.h: what a further client is */                        \
    X(IMQTT_MEMORY_CERTIFICATES) /* files of the host's: AT+IMQTTCERT */
#else
#define IMQTT_DIALECT_PURPOSES(X)
#endif

enum imqtt_memory_purpose {
#define IMQTT_MEMORY_VALUE(name) name,
    IMQTT_MEMORY_PURPOSES(IMQTT_MEMORY_VALUE)
#undef IMQTT_MEMORY_VALUE
        IMQTT_MEMORY_PURPOSE_COUNT
};

struct imqtt_memory_port {
    void *context;

    /* Like realloc: returns a block of at least `bytes` bytes, aligned for any type, that begins
     * with what `block` held; NULL refuses, and `block` stays as it was. block NULL: a new one.
     * bytes 0: the block is given back, and NULL is returned. Each purpose has at most one block
     * at a time, so firmware can answer from one fixed array a purpose. Blocks may have held
     * passwords: one that is given back or moved should be wiped. */
    void *(*resize)(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes);
};

/* Records that survive a restart. Both calls only begin the work; the answer comes later through
 * imqtt_modem_loaded() and imqtt_modem_saved(). One at a time. */
enum imqtt_record {
    IMQTT_RECORD_SETTINGS,   /* what AT&W stores */
    IMQTT_RECORD_TRIPLE,     /* AT+IMQTTDYNREG=1,1: a device's triple */
    IMQTT_RECORD_TOKEN,      /* AT+IMQTTDYNREG=1,2: a client id, user name and token */
    IMQTT_RECORD_PACKET_IDS, /* how far the packet ids of kept sessions went; written by itself */
    IMQTT_RECORD_SESSION,    /* a kept session: imqtt_options.keeps_session; written by itself */
#if IMQTT_WITH_DIALECTS
    IMQTT_RECORD_CERTIFICATES, /* files that the host brought: AT+IMQTTCERT */
#endif
    IMQTT_RECORD_COUNT
};

/* What a load came to. */
enum imqtt_load {
    IMQTT_LOAD_NOTHING, /* no such record is stored */
    IMQTT_LOAD_FOUND,
    IMQTT_LOAD_FAILED, /* nobody knows: the store could not be read */
};

struct imqtt_store_port {
    void *context;
    void (*load)(void *context, enum imqtt_record record);
    /* bytes stays valid until the answer. The old record stays until the new one is safe. */
    void (*save)(void *context, enum imqtt_record record, const uint8_t *bytes, size_t count);
};

struct imqtt_crypto_port {
    void *context;
    /* HMAC-SHA256 into mac[32]; false if it cannot be made. */
    bool (*hmac_sha256)(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32]);
    /* Unpredictable bytes; false if there are none. */
    bool (*random)(void *context, uint8_t *bytes, size_t count);
};

/* Certificates and keys as the host brought them: PEM, not NUL-terminated. Empty: none. */
struct imqtt_pem {
    const uint8_t *bytes;
    size_t count;
};

/* What a connection over TLS is to be like, where the host chose otherwise than the application. */
struct imqtt_tls {
    bool insecure;                     /* nobody is verified */
    struct imqtt_pem ca;               /* none: whom the application trusts */
    struct imqtt_pem certificate, key; /* none: whom the application says it is */
};

enum imqtt_pem_kind {
    IMQTT_PEM_CA,
    IMQTT_PEM_CERTIFICATE,
    IMQTT_PEM_KEY,
    IMQTT_PEM_ANY, /* of a dialect that does not say which */
};

struct imqtt_tls_port {
    void *context;
    /* Of the connections that are opened from now on, copied; NULL: as the application has it.
     * false: they are no certificates, or the key is not that of the certificate. */
    bool (*secure)(void *context, const struct imqtt_tls *tls);
    /* What tells a file from others without showing it: SHA-256 of the first certificate, as DER, or
     * of a key's public half. false: it is no PEM of that kind. */
    bool (*fingerprint)(void *context, enum imqtt_pem_kind kind, const uint8_t *bytes, size_t count,
                        uint8_t sha256[32]);
};

/* Copied by imqtt_modem_init(). terminal, network and memory are needed; a missing function of
 * store, crypto or tls (NULL) makes the commands that need it answer "operation not supported"; without
 * news.tell nothing is told. */
struct imqtt_ports {
    struct imqtt_terminal_port terminal;
    struct imqtt_network_port network;
    struct imqtt_memory_port memory;
    struct imqtt_store_port store;
    struct imqtt_crypto_port crypto;
    struct imqtt_tls_port tls;
    struct imqtt_news_port news;
};

#endif
