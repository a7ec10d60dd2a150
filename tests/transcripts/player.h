/* player.h: plays a scene on a machine: what it says comes in does, and what it says comes out must
 * come, byte for byte and nothing else. README.md describes the lines. */
#ifndef TESTS_TRANSCRIPTS_PLAYER_H
#define TESTS_TRANSCRIPTS_PLAYER_H

#include "tests/transcripts/machine.h"
#include "tests/transcripts/script.h"

/* How bytes are brought; seed: for PIECES_RANDOM. */
struct manner {
    enum pieces pieces;
    uint64_t seed;
    unsigned refused_growth; /* which growth of memory is refused (refusals.h); 0: none */
};

enum verdict { SCENE_AS_WRITTEN, SCENE_DIFFERS, SCENE_NOT_PLAYED };

/* Prints what differs, unless quiet. Not played: the scene is about another manner, or asks for less
 * memory than was to be refused. */
enum verdict play_scene(const struct script *script, const struct scene *scene,
                        const struct manner *manner, bool quiet);

#endif
