/* features.h: families of commands that a firmware can leave out.
 *
 * Each is built in unless the compiler's command line says 0 (-DIMQTT_WITH_RADIO=0), or the file
 * that IMQTT_CONFIG names does. The commands of a family that was left out are unknown: they answer
 * "operation not supported", and AT+CLAC does not list them. Nothing refers to its code any more,
 * so that the linker leaves it out too (-ffunction-sections and --gc-sections, or -flto).
 */
#ifndef IMQTT_FEATURES_H
#define IMQTT_FEATURES_H

#ifdef IMQTT_CONFIG
#include IMQTT_CONFIG
#endif

/* AT+CPIN, CSQ, CREG, CGREG, CEREG, CGATT, COPS, CFUN, CGDCONT, CGACT, CGPADDR: the radio, which is
 * simulated. Without it imqtt_modem_set_radio() still says whether there is service. */
#ifndef IMQTT_WITH_RADIO
#define IMQTT_WITH_RADIO 1
#endif

/* ATI, AT+CGMI, CGMM, CGMR, CGSN and their +G twins, CIMI, CCID, ICCID: who the modem is. */
#ifndef IMQTT_WITH_IDENTITY
#define IMQTT_WITH_IDENTITY 1
#endif

/* AT+CCLK, CTZU, CTZR: the time of day. */
#ifndef IMQTT_WITH_CLOCK
#define IMQTT_WITH_CLOCK 1
#endif

/* AT+IPR, IFC: speed and flow control of the line to the host. */
#ifndef IMQTT_WITH_SERIAL
#define IMQTT_WITH_SERIAL 1
#endif

/* ATZ, AT&F, AT&W, AT&V: the settings as a whole, and their record in the store. */
#ifndef IMQTT_WITH_PROFILE
#define IMQTT_WITH_PROFILE 1
#endif

/* In AT+IMQTTERR?: what exactly a broker did wrong; without, "malformed packet" or "protocol
 * violation" is all it says. */
#ifndef IMQTT_WITH_DETAILS
#define IMQTT_WITH_DETAILS 1
#endif

/* The news port (imqtt/news.h): without, nothing is told, whoever listens. */
#ifndef IMQTT_WITH_NEWS
#define IMQTT_WITH_NEWS 1
#endif

/* AT+IMQTTRECONN: connects again by itself. */
#ifndef IMQTT_WITH_RECONNECT
#define IMQTT_WITH_RECONNECT 1
#endif

/* A kept session may outlive a power cut (imqtt_options.keeps_session); needs a store. */
#ifndef IMQTT_WITH_KEPT_SESSION
#define IMQTT_WITH_KEPT_SESSION 1
#endif

/* AT+IMQTTAUTH, DYNREG, and AT+IMQTTMODE=1: Alibaba Cloud's platform. */
#ifndef IMQTT_WITH_ALIYUN
#define IMQTT_WITH_ALIYUN 1
#endif

/* Commands of the application's own beside the modem's: imqtt/own_commands.h. */
#ifndef IMQTT_WITH_OWN_COMMANDS
#define IMQTT_WITH_OWN_COMMANDS 1
#endif

/* Other makers' dialects (imqtt/dialect.h) and what only they need: data that ends by a byte,
 * results that come when the broker has answered, labels of requests, a network that is opened
 * apart from CONNECT, slots for messages, settings by the number of a client; and AT+IMQTTCERT, IMQTTTLS: certificates
 * and keys that a host brings. Without, none of it is compiled. */
#ifndef IMQTT_WITH_DIALECTS
#define IMQTT_WITH_DIALECTS 1
#endif

#endif
