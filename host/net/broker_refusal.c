#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "host/net/broker_faults.h"

static const struct imqtt_failure usual[] = {
    [FAULT_STAGE_DNS] = {IMQTT_STAGE_DNS, EAI_NONAME, "a fault: the name is not known"},
    [FAULT_STAGE_TCP] = {IMQTT_STAGE_TCP, ECONNREFUSED, "a fault: connection refused"},
    [FAULT_STAGE_TLS] = {IMQTT_STAGE_TLS, 0, "a fault: the TLS handshake failed"},
};

static bool refuses(struct fault_set *set, struct fault *fault, enum fault_stage stage)
{
    return fault->link == FAULT_ON_BROKER && fault->type == FAULT_REFUSE &&
           fault->values[FAULT_STAGE] == stage && fault_strikes(set, fault);
}

bool broker_faults_refuse(struct fault_set *set, enum fault_stage stage,
                          struct imqtt_failure *failure)
{
    for (struct fault *fault = set != NULL ? set->first : NULL; fault != NULL;
         fault = fault->next) {
        if (!refuses(set, fault, stage))
            continue;
        *failure = usual[stage];
        if (fault->values[FAULT_CODE] != 0)
            failure->code = (int32_t)fault->values[FAULT_CODE];
        return true;
    }
    return false;
}
