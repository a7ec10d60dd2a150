// Findings of the driver's report: in English as the program says them; in Chinese here, by rule.
import type { Finding } from "../api/types";
import { language } from "./words";

// What is wrong, why it matters, what to do.
const CHINESE: Record<Finding["rule"], [string, string, string]> = {
    "command-before-result": [
        "上一条命令未得到最终结果就发送新命令",
        "真实模组会丢弃该行，或混淆两个应答。",
        "收到 OK、ERROR 或 +CME ERROR 后再发下一条。",
    ],
    "data-before-prompt": [
        "在提示符 > 之前发送数据",
        "提示符之前的数据会丢失，或被当作命令执行。",
        "AT+IMQTTPUBEX 之后等待 > 再发数据；出错时不发。",
    ],
    "data-length": [
        "PUBEX 数据长度与声明不符",
        "过短：后续命令被当作数据，随后出错 31；过长：多余部分被当作命令。",
        "声明实际发送的字节数，并完整发送。",
    ],
    "retry-storm": [
        "同一错误后每秒重试同一命令超过三次",
        "原因未消除，只会再次失败，并占用线路、处理器和电池。",
        "逐步延长重试间隔，并检查错误原因。",
    ],
    "connect-without-registration": [
        "未注册网络就执行 AT+IMQTTCONN",
        "未注册时没有 IP 连接，命令必然失败。",
        "等待 +CREG: 1 或 5 后再连接。",
    ],
    "request-before-connected": [
        "在 +IMQTTCONN:0 之前发布或订阅",
        "OK 只表示开始连接；此时的请求被拒绝，内容丢失。",
        "等待 +IMQTTCONN:0 后再发第一个请求。",
    ],
    "publish-not-repeated": [
        "发布失败（结果 1）后没有重发",
        "结果 1 表示无人确认：不重发即丢失。",
        "保留消息直到 URC 报告 0；报告 1 时重新发布。",
    ],
    "loss-not-noticed": [
        "60 秒内未发现连接丢失",
        "此后发布被拒绝，云端命令也收不到。",
        "处理 +IMQTTCONN:-1，必要时查询 AT+IMQTTSTATE?，然后重连。",
    ],
    "inbox-full-unread": [
        "+IMQTTCOUNT: FULL 后没有读取",
        "缓冲区满时，新消息全部丢弃。",
        "收到 FULL 立即用 AT+IMQTTRECV=10 读空。",
    ],
    "messages-read-late": [
        "消息读取过晚",
        "命令执行时已过期，十条缓冲区会被占满。",
        "每次 +IMQTTCOUNT: n 都读取，至少每个心跳周期一次。",
    ],
    "line-too-long": [
        "命令行超过长度限制",
        "模组整行丢弃并报错 24；有的会截断执行。",
        "长负载使用 AT+IMQTTPUBEX，或分成多条消息。",
    ],
    "control-in-string": [
        "字符串中含控制字节",
        "报错 25；有的模组会提前结束该行。",
        "用 AT+IMQTTPUBIN 十六进制发送，或用 AT+IMQTTPUBEX。",
    ],
    "secret-with-echo": [
        "回显开启时输入密码",
        "密码以明文回显，留在所有日志中。",
        "发送用户名和密码前先执行 ATE0。",
    ],
    "urc-ignored": [
        "没有处理 URC",
        "-1 后没有连接，FULL 后消息丢失，RDY 后模组已重启。",
        "-1 重连，FULL 读取，RDY 从头开始。",
    ],
};

export function findingWords({ rule, why, remedy }: Finding) {
    const chinese = language() === "zh" ? CHINESE[rule] : undefined;
    if (chinese) return { title: chinese[0], why: chinese[1], remedy: chinese[2] };
    return { title: rule.replace(/-/g, " "), why, remedy };
}
