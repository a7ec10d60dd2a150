/* rig.h: the test rig's line, UART 1: figures out, and faults in. A line is answered by a line.
 *
 *     figures   what memory was used at most, bytes, and how often the UART overran
 *     counts    bytes that the modem took from its host and gave it; what is left of `pass`; whether
 *               the store is to answer
 *     cut N     the power fails in the middle of the flash's Nth operation from now
 *     lose N    the UART overruns by N bytes
 *     worn N    sector N takes nothing any more
 *     chance N  seed of what a cut leaves behind
 *     name N A  the name N is that of the IPv4 address A
 *     erase     the flash has nothing in it any more
 *     paint     the stack is painted again: `figures` tells what was used of it since
 *     modem W…  another modem for a transcript's scene (scene.h), with "store", "boot" or "line"
 *     pass N    N ms go by for that modem
 *     radio W N the radio finds something else: "signal 9"
 *     reset     as the reset line does
 *     exit      ends the machine
 */
#ifndef FIRMWARE_RIG_H
#define FIRMWARE_RIG_H

#include "examples/firmware/arena.h"
#include "firmware/store/flash.h"
#include "imqtt/modem.h"

void rig_start(struct flash_faults *faults, const struct arena *arena);

/* From the loop, at the end of a turn. store_is_asked: the modem waits for its answer. */
void rig_turn(struct imqtt_modem *modem, bool store_is_asked);

#endif
