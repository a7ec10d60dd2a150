/* lent_modem.h: the modem of a test program, its memory lent by a lender; cmocka's teardown takes it back. */
#ifndef TESTS_UNIT_LENT_MODEM_H
#define TESTS_UNIT_LENT_MODEM_H

#include "imqtt/modem.h"
#include "tests/unit/lender.h"

static struct lender lender;
static struct imqtt_modem *modem;

/* Fails if a block was not given back. */
static inline int end(void **state)
{
    (void)state;
    imqtt_modem_end(modem);
    free(modem);
    return lender.blocks == 0 ? 0 : -1;
}

#endif
