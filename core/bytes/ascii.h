/* ascii.h: what kind of character a byte is, in ASCII and whatever the locale. */
#ifndef CORE_BYTES_ASCII_H
#define CORE_BYTES_ASCII_H

#include <stdbool.h>
#include <stdint.h>

#define ASCII_DEL 0x7F

/* These two also take -1, the byte that is not there. */
static inline bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool is_letter(int byte)
{
    int upper = byte & ~0x20;
    return upper >= 'A' && upper <= 'Z';
}

static inline uint8_t upper_case(uint8_t byte)
{
    return is_letter(byte) ? (uint8_t)(byte & ~0x20) : byte;
}

/* Whether the byte is that letter, in either case. */
static inline bool is_letter_of(uint8_t byte, uint8_t upper_case_letter)
{
    return (byte & ~0x20) == upper_case_letter;
}

static inline bool is_space_or_tab(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* Bytes of a text that carry no text: those below 0x20, but for the tab, and DEL. */
static inline bool is_control(uint8_t byte)
{
    return (byte < ' ' && byte != '\t') || byte == ASCII_DEL;
}

/* Spaces and tabs, and what is ignored like them in a command line: control bytes. */
static inline bool is_blank(uint8_t byte)
{
    return byte <= ' ' || byte == ASCII_DEL;
}

#endif
