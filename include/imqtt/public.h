/* public.h: marks what an application calls, so that a build which optimises the core as a whole
 * keeps these functions, and only these, as they are. */
#ifndef IMQTT_PUBLIC_H
#define IMQTT_PUBLIC_H

#if defined __GNUC__ && !defined __clang__
#define IMQTT_PUBLIC __attribute__((externally_visible))
#else
#define IMQTT_PUBLIC
#endif

#endif
