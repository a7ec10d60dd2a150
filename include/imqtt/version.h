/* version.h: which imqtt this is. What counts is <https://semver.org>; a gate holds these against the
 * project's version, and against what each package manager is told. */
#ifndef IMQTT_VERSION_H
#define IMQTT_VERSION_H

#define IMQTT_VERSION_MAJOR 0
#define IMQTT_VERSION_MINOR 1
#define IMQTT_VERSION_PATCH 0

/* To compare by: #if IMQTT_VERSION_NUMBER >= 100 is 0.1.0 or later. */
#define IMQTT_VERSION_NUMBER                                                                       \
    (IMQTT_VERSION_MAJOR * 10000 + IMQTT_VERSION_MINOR * 100 + IMQTT_VERSION_PATCH)

#define IMQTT_VERSION "0.1.0"

#endif
