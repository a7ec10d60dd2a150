/* report_state.h: what is remembered of a host and its modem; for the files of this folder only. */
#ifndef DRIVER_REPORT_REPORT_STATE_H
#define DRIVER_REPORT_REPORT_STATE_H

#include <stdint.h>

#include "driver_report/dialect_words.h"
#include "driver_report/driver_report.h"

#define LINE_KEPT_BYTES  512  /* of a line; enough for a name, a topic and the first arguments */
#define LINE_LIMIT_BYTES 4096 /* of the modem */
#define PUBLISHES_MAX    32   /* remembered at a time */
#define REACTION_MS      60000.0
#define KEEP_ALIVE_S     120 /* until something else is said */
#define STORM_COMMANDS   4   /* repetitions within STORM_MS that are too many */
#define STORM_MS         1000.0
#define AT_ONCE_MS       1000.0 /* a host that speaks again so soon has not waited */

/* A line as its bytes come. */
struct said_line {
    char text[LINE_KEPT_BYTES + 1]; /* its beginning */
    size_t bytes;                   /* of the whole */
    bool in_quotes, has_control;
};

/* A command line of the host, taken apart. */
struct host_command {
    const char *text; /* from AT on */
    char name[24];    /* IMQTTPUB and the like; empty for what is none of ours */
    char form;        /* '=', '?', 't' for =?, or 0 */
    const char *arguments;
};

struct answers {
    bool is_waiting;    /* for the final result of `text` */
    bool has_older;     /* an earlier command was given up, its result may still come */
    bool older_may_end; /* one result has come since, so that the next one is the older's */
    double sent_ms;
    char text[REPORT_LINE_BYTES];
    struct host_command command; /* of text; its pointers point into it */
    char error[32];              /* how the last command ended, if badly */
    double repeats_ms[STORM_COMMANDS];
    unsigned repeats;
};

struct pubex {
    bool is_open; /* data is expected, before or after the prompt */
    bool is_prompted, told_early, skips_line_feed;
    size_t size_bytes, sent_bytes;
    double done_ms;  /* when the last data was complete */
    bool is_foreign; /* another dialect's prompt: what the host types is data, up to a result */
};

struct pending_publish {
    uint64_t topic; /* its hash */
    bool is_data;   /* PUBEX, which has a URC of its own; PUB and PUBIN share one */
    bool has_id;    /* QoS 1 or 2; of QoS 0 the URC says packet id 0 */
    char line[REPORT_LINE_BYTES];
    double since_ms;
};

/* A PUBLISH that went to the broker. */
struct sent_packet {
    unsigned id; /* 0: none yet */
    uint64_t topic;
};

/* Something that the host should react to. */
struct reaction {
    bool is_due;
    double since_ms;
    unsigned commands; /* that the host sent meanwhile, none of them a reaction */
    bool was_heard;    /* a URC told the host */
    char line[REPORT_LINE_BYTES];
};

enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

struct link_state {
    enum known connected;
    enum known registered[3]; /* by CREG, CGREG, CEREG */
    bool is_unnoticed;        /* a loss that the host has not reacted to, however long ago */
    bool host_ends_it;        /* AT+IMQTTDISCONN */
    bool is_one_of_several; /* whose it is a line does not say: nothing is held against the host */
    double lost_ms;
    struct reaction loss;
    struct pending_publish open[PUBLISHES_MAX], failed[PUBLISHES_MAX];
    size_t open_count, failed_count;
    struct sent_packet sent[PUBLISHES_MAX]; /* the latest ones, in a ring */
    size_t sent_next;
};

struct inbox_state {
    unsigned waiting;
    double since_ms;
    bool told_late;
    double keep_alive_ms;
    struct reaction full;
};

struct driver_report {
    double now_ms;
    const struct dialect_words *words; /* NULL: nothing of another dialect was said */
    struct report_finding *findings;
    size_t count;
    unsigned times[RULE_COUNT];

    struct said_line host, modem;
    size_t payload_bytes; /* of the modem's, still to come, that are no lines */
    bool has_session;     /* the host has sent a command since the modem started */
    bool restarts;        /* the host itself asked for it */
    struct answers answers;
    struct pubex pubex;
    struct link_state link;
    struct inbox_state inbox;
    struct reaction boot;
};

/* report.c */
void report_find(struct driver_report *report, enum report_rule_id id, const char *line);

/* host_lines.c, modem_lines.c: bytes become lines. */
void report_host_says(struct driver_report *report, const uint8_t *bytes, size_t count);
void report_modem_says(struct driver_report *report, const uint8_t *bytes, size_t count);
void said_line_add(struct said_line *line, uint8_t byte);
void said_line_clear(struct said_line *line);

/* host_command.c */
bool host_command_parse(struct host_command *command, const char *line);
bool host_command_is_publish(const struct host_command *command);
bool host_command_is_request(const struct host_command *command);
uint64_t host_command_topic(const struct host_command *command);
uint64_t host_topic_hash(const char *topic, size_t bytes);
const char *host_command_argument(const struct host_command *command, unsigned index);

/* judge_answers.c: commands, their results, data. */
void judge_command(struct driver_report *report, const struct host_command *command);
bool judge_result(struct driver_report *report, const char *line);
void judge_prompt(struct driver_report *report);
void judge_foreign_data_ends(struct driver_report *report);
bool judge_data(struct driver_report *report, uint8_t byte);
void judge_stray_line(struct driver_report *report, const char *line);

/* judge_text.c: lines by themselves. */
void judge_host_text(struct driver_report *report, const struct said_line *line);
void judge_echo(struct driver_report *report, const char *line);

/* judge_link.c: registration, connection, requests. */
void judge_link_command(struct driver_report *report, const struct host_command *command);
void judge_link_result(struct driver_report *report, const struct host_command *command,
                       const char *error);
void judge_link_line(struct driver_report *report, const char *line);
void judge_link_news(struct driver_report *report, const json_t *event);
void judge_link_of_several(struct driver_report *report); /* the modem has several clients */
void judge_link_boot(struct driver_report *report);
void judge_link_time(struct driver_report *report);

/* judge_publishes.c: what was published and is not done. */
void judge_publish_accepted(struct driver_report *report, const struct host_command *command);
void judge_publish_again(struct driver_report *report, const struct host_command *command);
void judge_publish_sent(struct driver_report *report, const json_t *packet);
void judge_publish_line(struct driver_report *report, const char *line);
void judge_publishes_connected(struct driver_report *report);
void judge_publishes_time(struct driver_report *report);

/* judge_inbox.c */
void judge_inbox_command(struct driver_report *report, const struct host_command *command);
void judge_inbox_line(struct driver_report *report, const char *line);
void judge_inbox_time(struct driver_report *report);

/* reaction.c */
void reaction_expect(struct reaction *reaction, double now_ms, const char *line);
bool reaction_is_over(const struct reaction *reaction, double now_ms);

#endif
