/* player_parts.h: a scenario that is being played, as its steps see it. */
#ifndef SCENARIO_PLAYER_PARTS_H
#define SCENARIO_PLAYER_PARTS_H

#include "scenario/child.h"
#include "scenario/control_link.h"
#include "scenario/mqtt_peer.h"
#include "scenario/scenario.h"
#include "scenario/traffic.h"

enum verdict { VERDICT_PASSED, VERDICT_FAILED, VERDICT_TIMED_OUT };

#define PLAYER_TEXT_BYTES 512

struct player_wish {
    const char *modem;  /* over the scenario's; NULL: the scenario's, or the only one */
    const char *broker; /* "HOST:PORT" of the scenario's own client; NULL: the modem's */
    uint64_t seed;      /* if has_seed, over the scenario's */
    bool has_seed;
    bool is_fast; /* the daemon skips the time in which nothing happens */
    /* From here on nothing escapes the player. Returns what went wrong; NULL: nothing. */
    const char *(*begun)(void *context, const struct scenario *scenario);
    void *begun_context;
    FILE *recording;         /* NULL: none */
    struct child *processes; /* which may not end meanwhile: daemon, broker, host */
    size_t process_count;
};

struct player {
    const struct scenario *scenario;
    struct player_wish wish;
    struct control_link *link;
    struct mqtt_peer *peer;
    struct traffic traffic;
    char modem[65];
    uint64_t seed;
    double recording_began_ms;
    int64_t deadline_ms;                   /* of the scenario, on its own clock */
    int64_t skipped_ms;                    /* of its clock */
    size_t host_at, answer_at, message_at; /* behind what was matched last */
    char (*faults)[33];                    /* the names of its own */
    size_t fault_count;
    int publish_id; /* of the message that is being published */

    /* What went wrong. */
    const struct step *step; /* NULL: not in a step */
    char expected[PLAYER_TEXT_BYTES], came[PLAYER_TEXT_BYTES];
    bool is_broken; /* `came` says what cannot go on */
};

/* ---- for steps ------------------------------------------------------------------------------ */

/* The scenario's clock: real time, and what was skipped. */
int64_t player_now_ms(const struct player *player);

/* Waits until it is true, or for so long. false: it did not come true, or nothing can go on. */
bool player_wait(struct player *player, uint64_t within_ms, bool (*is_true)(struct player *player));

/* One look at what has come, waiting for it at most so long. false: nothing can go on. */
bool player_turn(struct player *player, int64_t timeout_ms);

/* A request; body: taken over. false: refused, and told. */
bool player_ask_path(struct player *player, const char *method, const char *path, json_t *body,
                     json_t **answer);

/* The same about the modem; behind its name: "/power". */
bool player_ask(struct player *player, const char *method, const char *behind, json_t *body,
                json_t **answer);

/* Fills in what was expected and what came. Return false. */
bool player_expected(struct player *player, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool player_came(struct player *player, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The scenario's own MQTT client, connected when it is first needed. NULL: told why. */
struct mqtt_peer *player_peer(struct player *player);

#endif
