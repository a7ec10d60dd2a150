#include "imqttd/metrics/metric_table.h"

#include <string.h>

#define COUNT(labels) (sizeof(labels) / sizeof *(labels))

static const char *const results[] = {
    "result=\"connected\"", "result=\"dns\"",     "result=\"tcp\"",
    "result=\"tls\"",       "result=\"connack\"", "result=\"keepalive\"",
    "result=\"peer\"",      "result=\"request\"", "result=\"register\""};
_Static_assert(COUNT(results) == METRIC_RESULTS, "each stage has its result");
static const char *const messages[] = {
    "direction=\"in\",qos=\"0\"",  "direction=\"in\",qos=\"1\"",  "direction=\"in\",qos=\"2\"",
    "direction=\"out\",qos=\"0\"", "direction=\"out\",qos=\"1\"", "direction=\"out\",qos=\"2\""};
static const char *const directions[] = {"direction=\"in\"", "direction=\"out\""};
static const char *const requests[] = {
    "kind=\"publish\",result=\"done\"",     "kind=\"publish\",result=\"failed\"",
    "kind=\"subscribe\",result=\"done\"",   "kind=\"subscribe\",result=\"failed\"",
    "kind=\"unsubscribe\",result=\"done\"", "kind=\"unsubscribe\",result=\"failed\"",
    "kind=\"register\",result=\"done\"",    "kind=\"register\",result=\"failed\""};
static const char *const reasons[] = {"reason=\"topic\"", "reason=\"too_large\"",
                                      "reason=\"inbox_full\"", "reason=\"other\""};
static const char *const commands[] = {"result=\"ok\"", "result=\"error\""};

/* clang-format off */
const struct metric_row metric_rows[] = {
    {"imqtt_modems_connected", "gauge", "Modems that are connected to a broker", SLOT_CONNECTED, 1, NULL},
    {"imqtt_connection_attempts_total", "counter", "Connection attempts by what they came to", SLOT_ATTEMPTS, COUNT(results), results},
    {"imqtt_reconnects_total", "counter", "Attempts that a modem made by itself", SLOT_RECONNECTS, 1, NULL},
    {"imqtt_messages_total", "counter", "Application messages", SLOT_MESSAGES, COUNT(messages), messages},
    {"imqtt_message_bytes_total", "counter", "Bytes of their payloads", SLOT_MESSAGE_BYTES, COUNT(directions), directions},
    {"imqtt_requests_total", "counter", "Requests to a broker by what they came to", SLOT_REQUESTS, COUNT(requests), requests},
    {"imqtt_acknowledgement_seconds", "histogram", "From a publish of QoS 1 or 2 to its acknowledgement", SLOT_ACKNOWLEDGEMENT, METRIC_BUCKETS + 1, NULL},
    {"imqtt_urcs_waiting", "gauge", "Bytes of URCs that wait for their turn", SLOT_URCS_WAITING, 1, NULL},
    {"imqtt_inbox_messages", "gauge", "Messages that wait for AT+IMQTTRECV", SLOT_INBOX, 1, NULL},
    {"imqtt_messages_dropped_total", "counter", "Inbound messages that were not kept", SLOT_DROPPED, COUNT(reasons), reasons},
    {"imqtt_commands_total", "counter", "AT commands by their result", SLOT_COMMANDS, COUNT(commands), commands},
    {"imqtt_faults_active", "gauge", "Faults that are injected now", SLOT_FAULTS, 1, NULL},
};
/* clang-format on */

const size_t metric_row_count = COUNT(metric_rows);

const uint32_t metric_bucket_ms[METRIC_BUCKETS] = {1, 5, 10, 25, 50, 100, 250, 1000, 5000, 30000};

size_t metric_bucket(uint64_t ms)
{
    size_t i = 0;
    while (i < METRIC_BUCKETS && ms > metric_bucket_ms[i])
        i++;
    return i;
}

size_t metric_drop_reason(const char *text)
{
    static const char *const words[] = {"topic", "larger", "full"};
    for (size_t i = 0; text != NULL && i < COUNT(words); i++)
        if (strstr(text, words[i]) != NULL)
            return i;
    return COUNT(words);
}
