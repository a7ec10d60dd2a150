/* limits.h: every compile-time limit of the core, with unit, default and smallest useful value.
 *
 * Each can be set from the compiler's command line (-DIMQTT_LINE_BYTES=512). The defaults are
 * those of the daemon on Linux; "small" in a comment is the value of the firmware build that
 * script/firmware-size measures.
 */
#ifndef IMQTT_LIMITS_H
#define IMQTT_LIMITS_H

/* A command line without its terminator, bytes, "AT" included. 64 … 65,535; small: 512. */
#ifndef IMQTT_LINE_BYTES
#define IMQTT_LINE_BYTES 4096
#endif

/* Settings: strings, bytes. small: 64, 64, 64, 128. */
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

/* Deadlines, milliseconds. */
#define IMQTT_OPEN_TIMEOUT_MS     10000 /* name resolution, TCP and TLS together */
#define IMQTT_PINGRESP_GRACE_MS   5000  /* on top of TIMEOUT */
#define IMQTT_DATA_TIMEOUT_MS     10000 /* PUBEX: between two bytes of its data */
#define IMQTT_TYPING_PAUSE_MS     100   /* a URC may cut into a half-typed line after this */
#define IMQTT_SLOW_ANSWER_MS      1000  /* IMQTTSTATE 1: a request unanswered for longer */
#define IMQTT_REGISTER_TIMEOUT_MS 5000  /* DYNREG: CONNACK, and again the push */

/* Publishing. */
#ifndef IMQTT_WINDOW
#define IMQTT_WINDOW 20 /* QoS 1 and 2 publishes unanswered at a time; 1 … 20 */
#endif
#define IMQTT_SUBSCRIBE_TOPICS 8    /* topic filters in one SUBSCRIBE (M2.9) */
#define IMQTT_PUBEX_BYTES      1024 /* M2.13 */
#define IMQTT_INBOX_MESSAGES   10   /* M2.18 */

/* Receiving. */
#ifndef IMQTT_PAYLOAD_BYTES
#define IMQTT_PAYLOAD_BYTES 262144 /* a larger inbound payload is drained; small: 1024 */
#endif
#ifndef IMQTT_INBOUND_QOS2
#define IMQTT_INBOUND_QOS2 1024 /* QoS 2 exchanges the broker may have open; small: 16 */
#endif
#ifndef IMQTT_UNACKNOWLEDGED
/* Inbound messages whose URC the terminal has not taken yet. small: 8. */
#define IMQTT_UNACKNOWLEDGED 512
#endif

/* Caps of the growable buffers, bytes (ports.h: memory). A buffer is asked for as it is needed. */
#ifndef IMQTT_OUTBOX_BYTES
/* Accepted requests not yet done: at least 2 lines. small: 2048. */
#define IMQTT_OUTBOX_BYTES 32768
#endif
#ifndef IMQTT_TRANSMIT_BYTES
/* Packets not yet taken by the network: at least 2 lines and a PUBEX. small: 1600. */
#define IMQTT_TRANSMIT_BYTES 32768
#endif
#ifndef IMQTT_OUTPUT_HIGH_BYTES
/* Terminal output that waits: above it the modem stops reading. small: 512. */
#define IMQTT_OUTPUT_HIGH_BYTES 16384
#endif
#ifndef IMQTT_SUBSCRIPTIONS_BYTES
#define IMQTT_SUBSCRIPTIONS_BYTES 32768 /* the subscription list; small: 512 */
#endif

/* AT+IMQTTERR? text, bytes. */
#define IMQTT_FAILURE_TEXT_BYTES 96

#endif
