/* fault_random.h: numbers that look random and are the same again from the same seed (SplitMix64).
 */
#ifndef HOST_FAULTS_FAULT_RANDOM_H
#define HOST_FAULTS_FAULT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct fault_random {
    uint64_t state; /* to begin with: the seed */
};

static inline uint64_t fault_random_next(struct fault_random *random)
{
    uint64_t mixed = random->state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

/* One of 0 … count-1. The bias of the remainder is below count / 2^64: nobody can measure it. */
static inline uint64_t fault_random_below(struct fault_random *random, uint64_t count)
{
    return fault_random_next(random) % count;
}

/* true so often, in parts of a million. One number is drawn whatever share it is, so that a fault
 * that always strikes and one that seldom does go through the same sequence. Asked for each byte of
 * a line: without a division. */
static inline bool fault_random_hits(struct fault_random *random, uint32_t share_ppm)
{
    return (fault_random_next(random) >> 32) * 1000000 >> 32 < share_ppm;
}

#endif
