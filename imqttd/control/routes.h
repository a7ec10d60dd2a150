/* routes.h: the one table of paths. */
#ifndef IMQTTD_CONTROL_ROUTES_H
#define IMQTTD_CONTROL_ROUTES_H

#include "imqttd/control/request.h"

/* Answers a request whose body is complete. */
enum MHD_Result routes_answer(struct request *request);

#endif
