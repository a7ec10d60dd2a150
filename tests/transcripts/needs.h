/* needs.h: what a scene needs of the modem, in a build that may lack it (imqtt/features.h). */
#ifndef TESTS_TRANSCRIPTS_NEEDS_H
#define TESTS_TRANSCRIPTS_NEEDS_H

#include "core/bytes/span.h"

/* "radio, aliyun": whether there are such needs. */
bool needs_are_known(struct span needs);

/* Whether this build has all of them. */
bool needs_are_met(struct span needs);

#endif
