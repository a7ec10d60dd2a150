/* modem_list.h: the summaries of many modems, by name, in portions. */
#ifndef IMQTTD_CONTROL_MODEM_LIST_H
#define IMQTTD_CONTROL_MODEM_LIST_H

#include "imqttd/control/request.h"

/* Of those that match the glob (NULL: all) so many, from that place on. One that begins or ends
 * meanwhile is in it or is not. */
enum MHD_Result modem_list_answer(struct request *request, const char *glob, size_t offset,
                                  size_t limit);

#endif
