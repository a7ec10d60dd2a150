/* parse_value.h: what stands behind a key, by the key's row of the table. */
#ifndef SCENARIO_PARSE_VALUE_H
#define SCENARIO_PARSE_VALUE_H

#include "scenario/scenario.h"
#include "scenario/yaml_source.h"

/* The latest scalar is the key's value. false: it is refused. */
bool parse_value(struct yaml_source *source, const struct step_key *key, struct step_value *value);

/* Fills in the defaults of what was not given, and refuses what has none and is needed. */
bool parse_complete(struct yaml_source *source, struct yaml_place place,
                    const struct step_key *keys, size_t room, struct step_value *values);

/* How many keys there are before one without a name. */
size_t parse_key_count(const struct step_key *keys, size_t room);

/* The place of that name, or room. */
size_t parse_find_key(const struct step_key *keys, size_t room, const char *name);

#endif
