/* ethernet.h: frames in and out of the board's SMSC LAN9118. */
#ifndef FIRMWARE_ETHERNET_H
#define FIRMWARE_ETHERNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETHERNET_FRAME_BYTES 1514 /* the longest, without its check sum */

/* false: there is no such chip. Its address is put into mac. */
bool ethernet_start(uint8_t mac[6]);

/* How long the next frame that came is; 0: there is none, and board_wake() is called for the next. */
size_t ethernet_next_frame(void);

/* Takes that frame: into words, which have room for it. Each frame is taken or dropped. */
void ethernet_take_frame(uint32_t *words, size_t bytes);
void ethernet_drop_frame(size_t bytes);

/* words: the frame, from a word's begin. false: the chip has no room now. */
bool ethernet_send_frame(const uint32_t *words, size_t bytes);

#endif
