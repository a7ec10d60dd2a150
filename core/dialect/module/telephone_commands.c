/* telephone_commands.c: calls, short messages and access, as makers' modules for the mobile network have
 * them and MQTT does without: drivers set them up at the start all the same, and stop at an error. */
#include "core/dialect/module/answers.h"
#include "core/dialect/module/module_commands.h"

#if IMQTT_WITH_DIALECTS

enum imqtt_status accept_set(struct at_call *call)
{
    (void)call;
    return IMQTT_DONE;
}

enum imqtt_status accept_execute(struct at_call *call)
{
    return params_end(call->params);
}

/* Ready; no call. */
enum imqtt_status activity_execute(struct at_call *call)
{
    return answer_text(call, "+CPAS: 0");
}

/* Three stores, each empty. */
enum imqtt_status message_storage_set(struct at_call *call)
{
    while (params_more(call->params))
        params_text(call->params, SIZE_MAX);
    enum imqtt_status status = params_end(call->params);
    return status == IMQTT_DONE ? answer_text(call, "+CPMS: 0,20,0,20,0,20") : status;
}

/* Idle, as a radio that has nothing to send. */
enum imqtt_status signalling_read(struct at_call *call)
{
    return answer_text(call, "+CSCON: 0,0");
}

#endif
