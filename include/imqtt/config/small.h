/* small.h: limits for a small firmware, which takes and sends payloads of up to 1,024 bytes
 * (docs/firmware.md). To be named by IMQTT_CONFIG (imqtt/limits.h).
 */
#ifndef IMQTT_CONFIG_SMALL_H
#define IMQTT_CONFIG_SMALL_H

/* What a modem takes in all: itself, and what its memory port needs to own. The core does not look
 * at it: the port refuses what does not fit, and the tests play their transcripts in it. */
#ifndef IMQTT_RAM_BYTES
#define IMQTT_RAM_BYTES 10240
#endif

/* What the host can type, and what a setting can hold. */
#define IMQTT_LINE_BYTES        512
#define IMQTT_ADDRESS_BYTES     64
#define IMQTT_CLIENT_ID_BYTES   64
#define IMQTT_USER_NAME_BYTES   64
#define IMQTT_PASSWORD_BYTES    128
#define IMQTT_ALIYUN_PUSH_BYTES 1024

/* What a broker can send. */
#define IMQTT_PAYLOAD_BYTES       1024
#define IMQTT_INBOUND_QOS2        16
#define IMQTT_UNACKNOWLEDGED      8
#define IMQTT_SUBSCRIPTIONS_BYTES 512

/* Flash is not made to be written with every message. */
#define IMQTT_WITH_KEPT_SESSION 0

/* What can wait, and how memory is asked for. */
#define IMQTT_OUTBOX_BYTES      2048
#define IMQTT_TRANSMIT_BYTES    2048
#define IMQTT_OUTPUT_HIGH_BYTES 512
#define IMQTT_BLOCK_BYTES       64
#define IMQTT_KEPT_BYTES        64

/* What is for the computer on which a host's driver is tested. */
#define IMQTT_WITH_DIALECTS 0

#endif
