#include "imqttctl/report_pages.h"

#include <stdarg.h>
#include <string.h>

/* What cannot be written stays known to the stream; who flushes or closes it looks. */
__attribute__((format(printf, 2, 3))) static void put(FILE *file, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)vfprintf(file, format, values);
    va_end(values);
}

static void put_finding(FILE *file, const struct report_rule *rule, double t_ms, const char *line,
                        enum report_language language)
{
    const struct report_words *words = &rule->in[language];
    const char *zh = language == REPORT_CHINESE ? "zh" : NULL;
    put(file, "%.3f s  %s: %s\n  %s %s\n  %s %s\n  %s %s\n", t_ms / 1000, rule->id, words->what,
        zh ? "行：  " : "line:  ", line, zh ? "原因：" : "why:   ", words->why,
        zh ? "办法：" : "remedy:", words->remedy);
}

static void put_rest(FILE *file, const struct driver_report *report, enum report_language language)
{
    for (int id = 0; id < RULE_COUNT; id++) {
        unsigned times = report_times(report, id);
        if (times > REPORT_FINDINGS_A_RULE)
            put(file, language == REPORT_CHINESE ? "%s：另有 %u 次\n" : "%s: %u times more\n",
                report_rule(id)->id, times - REPORT_FINDINGS_A_RULE);
    }
}

static void put_nothing(FILE *file, size_t findings, enum report_language language)
{
    if (findings == 0)
        put(file, language == REPORT_CHINESE ? "没有发现问题\n" : "nothing was found\n");
}

void report_pages_text(FILE *file, const struct driver_report *report,
                       enum report_language language)
{
    for (size_t i = 0; i < report_count(report); i++) {
        const struct report_finding *each = report_at(report, i);
        put_finding(file, each->rule, each->t_ms, each->line, language);
    }
    put_rest(file, report, language);
    put_nothing(file, report_count(report), language);
}

static const struct report_rule *find_rule(const char *id)
{
    for (int i = 0; id != NULL && i < RULE_COUNT; i++)
        if (strcmp(report_rule(i)->id, id) == 0)
            return report_rule(i);
    return NULL; /* a newer daemon's */
}

size_t report_pages_live(FILE *file, const json_t *answer, enum report_language language)
{
    const json_t *findings = json_object_get(answer, "findings");
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *each = json_array_get(findings, i);
        const char *line = json_string_value(json_object_get(each, "line"));
        const struct report_rule *rule =
            find_rule(json_string_value(json_object_get(each, "rule")));
        if (rule != NULL && line != NULL)
            put_finding(file, rule, json_number_value(json_object_get(each, "t_ms")), line,
                        language);
    }
    put_nothing(file, json_array_size(findings), language);
    return json_array_size(findings);
}

/* ---- JUnit ---------------------------------------------------------------------------------- */

static void put_xml(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        const char *const entities[] = {"<&lt;", ">&gt;", "&&amp;", "\"&quot;"};
        const char *entity = NULL;
        for (size_t i = 0; i < 4; i++)
            if (*text == entities[i][0])
                entity = entities[i] + 1;
        if (entity != NULL)
            put(file, "%s", entity);
        else
            put(file, "%c", (unsigned char)*text < ' ' ? '?' : *text);
    }
}

static void put_failure(FILE *file, const struct driver_report *report,
                        const struct report_rule *rule)
{
    const struct report_words *words = &rule->in[REPORT_ENGLISH];
    put(file, "      <failure type=\"driver\" message=\"");
    put_xml(file, words->what);
    put(file, "\">");
    for (size_t i = 0; i < report_count(report); i++) {
        const struct report_finding *each = report_at(report, i);
        if (each->rule != rule)
            continue;
        put(file, "%.3f s: ", each->t_ms / 1000);
        put_xml(file, each->line);
        put(file, "\n");
    }
    put_xml(file, words->why);
    put(file, "\n");
    put_xml(file, words->remedy);
    put(file, "</failure>\n");
}

static unsigned count_failures(const struct driver_report *report)
{
    unsigned failures = 0;
    for (int id = 0; id < RULE_COUNT; id++)
        failures += report_times(report, id) > 0;
    return failures;
}

void report_pages_junit(FILE *file, const struct driver_report *report, const char *suite)
{
    put(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"");
    put_xml(file, suite);
    put(file, "\" tests=\"%d\" failures=\"%u\" errors=\"0\" skipped=\"0\" time=\"0\">\n",
        RULE_COUNT, count_failures(report));
    for (int id = 0; id < RULE_COUNT; id++) {
        put(file, "    <testcase classname=\"driver-report\" name=\"%s\" time=\"0\"",
            report_rule(id)->id);
        if (report_times(report, id) == 0) {
            put(file, "/>\n");
            continue;
        }
        put(file, ">\n");
        put_failure(file, report, report_rule(id));
        put(file, "    </testcase>\n");
    }
    put(file, "  </testsuite>\n</testsuites>\n");
}

/* ---- the page ------------------------------------------------------------------------------- */

static const char *const heads[REPORT_LANGUAGE_COUNT] = {
    [REPORT_ENGLISH] =
        "# The driver's report: what each finding means\n\n"
        "`imqttctl report FILE` reads a recording (`imqttctl record`) and says what the modem's "
        "host did wrong: the line, the time, why it matters, and what to do. `--json` and "
        "`--junit FILE` are for programs; the exit code is 1 when there is a finding. A host that "
        "waits for what it should wait for gets no finding; what cannot be known from a recording "
        "is never held against it.\n\n"
        "This page is made from the program's table of rules: `imqttctl report --rules`.\n",
    [REPORT_CHINESE] =
        "# 驱动报告：每条结论的含义\n\n"
        "`imqttctl report FILE` 读取一份录制（`imqttctl record`），指出主机一侧的错误："
        "哪一行、什么时间、为什么重要、怎么改。`--json` 和 `--junit FILE` 供程序使用；"
        "有结论时退出码为 "
        "1。该等的都等了的主机不会得到任何结论；从录制中无法确定的，不算主机的错。\n\n"
        "本页由程序中的规则表生成：`imqttctl report --rules zh`。\n"};

void report_pages_rules(FILE *file, enum report_language language)
{
    bool is_chinese = language == REPORT_CHINESE;
    put(file, "%s", heads[language]);
    for (int id = 0; id < RULE_COUNT; id++) {
        const struct report_rule *rule = report_rule(id);
        const struct report_words *words = &rule->in[language];
        put(file, "\n## %s\n\n%s%s\n\n", rule->id, words->what, is_chinese ? "。" : ".");
        put(file, "- **%s** %s\n- **%s** %s\n", is_chinese ? "原因：" : "Why:", words->why,
            is_chinese ? "办法：" : "Remedy:", words->remedy);
    }
}
