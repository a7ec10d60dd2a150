/* answers.h: information lines that many commands have. Each returns what modem_end_line() does. */
#ifndef CORE_DIALECT_MODULE_ANSWERS_H
#define CORE_DIALECT_MODULE_ANSWERS_H

#include "core/at/command.h"

/* The text as it is. */
enum imqtt_status answer_text(struct at_call *call, const char *text);

/* "+CGATT: " and 1. */
enum imqtt_status answer_number(struct at_call *call, const char *text, uint32_t number);

/* "+CFUN: " and (0-2): what a test answer says of one number. */
enum imqtt_status answer_range(struct at_call *call, const char *text, uint32_t min, uint32_t max);

#endif
