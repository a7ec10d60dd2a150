/* forms.h: whether the transcripts type every command of the table in each of its forms. */
#ifndef TESTS_TRANSCRIPTS_FORMS_H
#define TESTS_TRANSCRIPTS_FORMS_H

#include "tests/transcripts/script.h"

/* Execute, set, read and test, also where a command lacks one: then its error is to be shown.
 * Prints what is missing; returns how much that is. */
unsigned count_missing_forms(const struct script *script, const struct imqtt_dialect *dialect);

#endif
