// What the rules of the driver's report are called. Why and what to do says the program, in both
// languages.
import type { Finding } from "../api/types";
import { language } from "./words";

const CHINESE: Record<Finding["rule"], string> = {
    "command-before-result": "上一条命令未得到最终结果就发送新命令",
    "data-before-prompt": "在提示符 > 之前发送数据",
    "data-length": "数据长度与声明不符",
    "retry-storm": "同一错误后每秒重试同一命令超过三次",
    "connect-without-registration": "未注册网络就连接",
    "request-before-connected": "连接成功之前发布或订阅",
    "publish-not-repeated": "发布失败（结果 1）后没有重发",
    "loss-not-noticed": "60 秒内未发现连接丢失",
    "inbox-full-unread": "收件箱已满后没有读取",
    "messages-read-late": "消息读取过晚",
    "line-too-long": "命令行超过长度限制",
    "control-in-string": "字符串中含控制字节",
    "secret-with-echo": "回显开启时输入密码",
    "urc-ignored": "没有处理 URC",
};

export const ruleTitle = (rule: Finding["rule"]) =>
    language() === "zh" ? CHINESE[rule] : rule.replace(/-/g, " ");
