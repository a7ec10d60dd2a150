/* broker_faults.h: faults on the link to the broker: a channel that stands between the network and
 * what carries it (channel.h), and is there only while a fault is or was.
 */
#ifndef HOST_NET_BROKER_FAULTS_H
#define HOST_NET_BROKER_FAULTS_H

#include "host/faults/fault_set.h"
#include "host/net/channel.h"
#include "host/net/mqtt_frames.h"

/* Where the two streams stand: between two packets, or within one. */
struct broker_streams {
    struct mqtt_frames down;
    struct mqtt_frames up;
};

/* Stands in front of an open channel, which is its own from now on. NULL: no memory, and nothing has
 * changed. */
struct channel *broker_faults_wrap(struct channel *inner, struct fault_set *set,
                                   const struct broker_streams *streams);

/* A connection that is at this stage (not connack) is to fail there: *failure tells how. set may be
 * NULL. */
bool broker_faults_refuse(struct fault_set *set, enum fault_stage stage,
                          struct imqtt_failure *failure);

#endif
