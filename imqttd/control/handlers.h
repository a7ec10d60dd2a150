/* handlers.h: what each path does. All answer, once. */
#ifndef IMQTTD_CONTROL_HANDLERS_H
#define IMQTTD_CONTROL_HANDLERS_H

#include "imqttd/control/request.h"

typedef enum MHD_Result handler(struct request *request);

/* page.c */
handler handle_page;

/* program_handlers.c */
handler handle_version, handle_reset, handle_reload, handle_metrics;

/* modem_handlers.c */
handler handle_list, handle_show, handle_change, handle_power, handle_urc, handle_link, handle_type;

/* report_handler.c */
handler handle_report;

/* clock_handler.c */
handler handle_clock;

/* fault_handlers.c, fault_types_json.c */
handler handle_fault_types, handle_fault_list, handle_fault_add, handle_fault_remove,
    handle_faults_remove;

/* events.c */
handler handle_events, handle_record;

#endif
