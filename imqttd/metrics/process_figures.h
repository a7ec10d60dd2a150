/* process_figures.h: what Prometheus' own libraries tell of every process, under the same names. */
#ifndef IMQTTD_METRICS_PROCESS_FIGURES_H
#define IMQTTD_METRICS_PROCESS_FIGURES_H

struct json_text;

void process_figures_put(struct json_text *text);

#endif
