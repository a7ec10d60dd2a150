/* families.h: entries of a table that are there only if their family is (imqtt/features.h). Each
 * brings its own comma. */
#ifndef CORE_DIALECT_MODULE_FAMILIES_H
#define CORE_DIALECT_MODULE_FAMILIES_H

#include "imqtt/features.h"

#if IMQTT_WITH_RADIO
#define RADIO(...) __VA_ARGS__,
#else
#define RADIO(...)
#endif

#if IMQTT_WITH_IDENTITY
#define IDENTITY(...) __VA_ARGS__,
#else
#define IDENTITY(...)
#endif

#if IMQTT_WITH_CLOCK
#define CLOCK(...) __VA_ARGS__,
#else
#define CLOCK(...)
#endif

#if IMQTT_WITH_SERIAL
#define SERIAL(...) __VA_ARGS__,
#else
#define SERIAL(...)
#endif

#if IMQTT_WITH_PROFILE
#define PROFILE(...) __VA_ARGS__,
#else
#define PROFILE(...)
#endif

#if IMQTT_WITH_RECONNECT
#define RECONNECT(...) __VA_ARGS__,
#else
#define RECONNECT(...)
#endif

#if IMQTT_WITH_DIALECTS
#define DIALECTS(...) __VA_ARGS__,
#else
#define DIALECTS(...)
#endif

#if IMQTT_WITH_ALIYUN
#define ALIYUN(...) __VA_ARGS__,
#else
#define ALIYUN(...)
#endif

#endif
