/* limits.h: every compile-time limit of the core, with unit and default.
 *
 * The defaults are those of the daemon on Linux. Each can be set from the compiler's command line
 * (-DIMQTT_LINE_BYTES=512), or all of them by a file that it names, such as
 * -DIMQTT_CONFIG='"imqtt/config/small.h"'.
 */
#ifndef IMQTT_LIMITS_H
#define IMQTT_LIMITS_H

#include "imqtt/features.h"

/* A command line without its terminator, bytes, "AT" included. 64 … 65,535. */
#ifndef IMQTT_LINE_BYTES
#define IMQTT_LINE_BYTES 4096
#endif

/* Settings: strings, bytes. */
#ifndef IMQTT_ADDRESS_BYTES
#define IMQTT_ADDRESS_BYTES 253 /* the longest DNS name */
#endif
#ifndef IMQTT_CLIENT_ID_BYTES
#define IMQTT_CLIENT_ID_BYTES 256
#endif
#ifndef IMQTT_USER_NAME_BYTES
#define IMQTT_USER_NAME_BYTES 256
#endif
#ifndef IMQTT_PASSWORD_BYTES
#define IMQTT_PASSWORD_BYTES 1024 /* room for a signed token */
#endif

/* PDP contexts (AT+CGDCONT), and the name of an access point, bytes (TS 23.003 9.1). */
#define IMQTT_CONTEXTS           5
#define IMQTT_ACCESS_POINT_BYTES 100

/* Aliyun: ProductKey, DeviceName, DeviceSecret, ProductSecret, and the platform's tokens, bytes. */
#if !IMQTT_WITH_ALIYUN /* nothing needs room */
#define IMQTT_ALIYUN_FIELD_BYTES 1
#define IMQTT_ALIYUN_TOKEN_BYTES 1
#endif
#ifndef IMQTT_ALIYUN_FIELD_BYTES
#define IMQTT_ALIYUN_FIELD_BYTES 64
#endif
#ifndef IMQTT_ALIYUN_TOKEN_BYTES
#define IMQTT_ALIYUN_TOKEN_BYTES 128
#endif
#ifndef IMQTT_ALIYUN_PUSH_BYTES
#define IMQTT_ALIYUN_PUSH_BYTES 4096 /* a longer registration answer is ignored */
#endif

/* Parameters of MQTT requests (M2.2). Not for tuning: the manual's ranges. */
#define IMQTT_TIMEOUT_MIN_S        1
#define IMQTT_TIMEOUT_MAX_S        3
#define IMQTT_TIMEOUT_DEFAULT_S    3
#define IMQTT_KEEP_ALIVE_MIN_S     60
#define IMQTT_KEEP_ALIVE_MAX_S     180
#define IMQTT_KEEP_ALIVE_DEFAULT_S 120
/* AT+IMQTTRECONN (commands.md section 8). */
#define IMQTT_RECONNECT_MAX_S         3600
#define IMQTT_RECONNECT_MIN_DEFAULT_S 1
#define IMQTT_RECONNECT_MAX_DEFAULT_S 60
/* With wide limits (commands.md section 8); a keep-alive of 0, too. */
#define IMQTT_WIDE_TIMEOUT_MAX_S    60
#define IMQTT_WIDE_KEEP_ALIVE_MIN_S 5

/* Deadlines, milliseconds. */
#define IMQTT_OPEN_TIMEOUT_MS     10000 /* name resolution, TCP and TLS together */
#define IMQTT_PINGRESP_GRACE_MS   5000  /* on top of TIMEOUT */
#define IMQTT_DATA_TIMEOUT_MS     10000 /* PUBEX: between two bytes of its data */
#define IMQTT_DATA_BYTES_PER_S    960   /* PUBEX: all of them, slower than any line is */
#define IMQTT_TYPING_PAUSE_MS     100   /* a URC may cut into a half-typed line after this */
#define IMQTT_QUEUE_TIMEOUT_MS    30000 /* a request waits for its turn, a command for room */
#define IMQTT_STALL_MS            100  /* a deadline found so long past: this program did not run */
#define IMQTT_STALL_READ_MS       50   /* and so long the network is read before it counts */
#define IMQTT_SLOW_ANSWER_MS      1000 /* IMQTTSTATE 1: a request unanswered for longer */
#define IMQTT_REGISTER_TIMEOUT_MS 5000 /* DYNREG: CONNACK, and again the push */

/* Publishing. */
#ifndef IMQTT_WINDOW
#define IMQTT_WINDOW 16 /* QoS 1 and 2 publishes unanswered at a time; 1 … 16 */
#endif
#ifndef IMQTT_ID_MARKS
#define IMQTT_ID_MARKS 8 /* kept sessions whose packet ids are remembered; 0: none, no store */
#endif
#define IMQTT_ID_BLOCK         1024 /* packet ids that a store reserves at a time */
#define IMQTT_SUBSCRIBE_TOPICS 8    /* topic filters in one SUBSCRIBE (M2.9) */
/* And in one of other makers' dialects. */
#define IMQTT_REQUEST_TOPICS (IMQTT_WITH_DIALECTS ? 10 : IMQTT_SUBSCRIBE_TOPICS)
#define IMQTT_PUBEX_BYTES    1024 /* M2.13 */
#define IMQTT_INBOX_MESSAGES 10   /* M2.18 */

/* Receiving. */
#ifndef IMQTT_PAYLOAD_BYTES
#define IMQTT_PAYLOAD_BYTES 262144 /* a larger inbound payload is drained */
#endif
#ifndef IMQTT_INBOUND_QOS2
#define IMQTT_INBOUND_QOS2 1024 /* QoS 2 exchanges the broker may have open */
#endif
#ifndef IMQTT_UNACKNOWLEDGED
/* Inbound messages whose URC the terminal has not taken yet. */
#define IMQTT_UNACKNOWLEDGED 512
#endif

/* Caps of the growable buffers, bytes (ports.h: memory). A buffer is asked for as it is needed. */
#ifndef IMQTT_OUTBOX_BYTES
/* Accepted requests not yet done: at least 2 lines. */
#define IMQTT_OUTBOX_BYTES 32768
#endif
#ifndef IMQTT_TRANSMIT_BYTES
/* Packets not yet taken by the network: at least 2 lines and a PUBEX. */
#define IMQTT_TRANSMIT_BYTES 32768
#endif
#ifndef IMQTT_OUTPUT_HIGH_BYTES
/* Terminal output that waits: above it the modem stops reading. */
#define IMQTT_OUTPUT_HIGH_BYTES 16384
#endif
#ifndef IMQTT_LINE_OUTPUT_BYTES
/* So much of it stops a line of several commands until the terminal has taken it. */
#define IMQTT_LINE_OUTPUT_BYTES 1024
#endif
#ifndef IMQTT_SUBSCRIPTIONS_BYTES
#define IMQTT_SUBSCRIPTIONS_BYTES 32768 /* the subscription list */
#endif

/* Clients in one modem (imqtt/clients.h), each with a connection of its own; 1 … 6. */
#if !IMQTT_WITH_DIALECTS /* only other makers' hosts count them */
#undef IMQTT_CLIENTS
#define IMQTT_CLIENTS 1
#endif
#ifndef IMQTT_CLIENTS
#define IMQTT_CLIENTS 6
#endif

/* What other makers' dialects need (imqtt/features.h), bytes. */
#ifndef IMQTT_CLIENTS_BYTES
#define IMQTT_CLIENTS_BYTES 524288 /* settings of clients, with the last message of one */
#endif
#ifndef IMQTT_DATA_BYTES
#define IMQTT_DATA_BYTES 16384 /* data behind a prompt */
#endif
/* Certificates and keys of the host: so many, each so large. */
#define IMQTT_CERTIFICATES      16
#define IMQTT_CERTIFICATE_BYTES 16384

/* How they grow, bytes: the first block is this large, each next one twice as large as the last; a
 * buffer that is empty is given back if it is larger than what is kept. */
#ifndef IMQTT_BLOCK_BYTES
#define IMQTT_BLOCK_BYTES 256
#endif
#ifndef IMQTT_KEPT_BYTES
#define IMQTT_KEPT_BYTES 512
#endif

/* AT+IMQTTERR? text, bytes. */
#define IMQTT_FAILURE_TEXT_BYTES 96

#endif
