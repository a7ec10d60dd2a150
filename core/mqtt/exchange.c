#include "core/mqtt/exchange.h"

static enum exchange_verdict answer_to_qos2(enum exchange_state state, enum mqtt_packet_type answer)
{
    if (answer == MQTT_PUBREC)
        return EXCHANGE_RELEASE;
    if (state == EXCHANGE_OFFERED && answer == MQTT_PUBACK)
        return EXCHANGE_COMPLETE_EARLY;
    if (state == EXCHANGE_RELEASED && answer == MQTT_PUBCOMP)
        return EXCHANGE_COMPLETE;
    return EXCHANGE_FORBIDDEN;
}

static enum mqtt_packet_type only_answer(enum mqtt_packet_type request)
{
    if (request == MQTT_PUBLISH)
        return MQTT_PUBACK;
    return request == MQTT_SUBSCRIBE ? MQTT_SUBACK : MQTT_UNSUBACK;
}

enum exchange_verdict exchange_answer(enum mqtt_packet_type request, uint8_t qos,
                                      enum exchange_state state, enum mqtt_packet_type answer)
{
    if (request == MQTT_PUBLISH && qos == 2)
        return answer_to_qos2(state, answer);
    return answer == only_answer(request) ? EXCHANGE_COMPLETE : EXCHANGE_FORBIDDEN;
}

bool exchange_survives(enum mqtt_packet_type request, uint8_t qos)
{
    return request == MQTT_PUBLISH && qos > 0;
}

enum mqtt_packet_type exchange_acknowledgement(uint8_t qos)
{
    return qos == 2 ? MQTT_PUBREC : MQTT_PUBACK;
}
