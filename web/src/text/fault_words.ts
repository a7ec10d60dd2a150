// What faults and their attributes do: in English as the program's table says it; in Chinese here,
// by the same names.
import type { FaultAttribute, FaultTypeRow } from "../api/types";
import { language } from "./words";

const CHINESE: Record<string, string> = {
    latency: "字节按顺序延迟到达",
    bandwidth: "限制字节速率",
    slicer: "字节分成小段，段间停顿",
    stall: "移除之前什么都不通过；之后继续送出",
    drop: "丢失字节",
    garble: "翻转一个比特",
    insert: "插入噪声",
    cut: "传送若干字节后断开连接",
    refuse: "新连接失败",
    withhold: "来自服务器的某种报文永不到达",
    duplicate: "来自服务器的报文到达两次，第二次带 DUP",
    answer: "命令不执行，以此作为应答",
    mute: "命令执行，但没有应答",
    late: "OK 等最终结果推迟到达",
    urc: "在最坏的时刻插入 URC",
    reboot: "模组自行复位，发出开机 URC",
    freeze: "模组死机，直到重新上电",
    "latency.latency_ms": "延迟多少",
    "latency.jitter_ms": "随机增减多少",
    "bandwidth.bytes_per_s": "每秒字节数",
    "bandwidth.baud": "波特率，每字节十位",
    "slicer.bytes": "每段字节数",
    "slicer.delay_ms": "停顿",
    "drop.share": "字节比例",
    "garble.share": "字节比例",
    "insert.share": "字节比例",
    "insert.bytes": "每次噪声字节数",
    "cut.after_bytes": "从连接或故障开始计的字节数",
    "cut.how": "断开方式",
    "refuse.stage": "失败阶段",
    "refuse.code": "connack：返回码；其余为 AT+IMQTTERR? 的代码；0：默认",
    "withhold.packet": "哪种报文",
    "duplicate.packet": "哪种报文",
    "answer.text": "完整应答，含最终结果",
    "answer.error": "+CME ERROR 的编号",
    "late.delay_ms": "推迟多少",
    "urc.text": "不含行尾",
    "urc.at": "时刻",
};

const inLanguage = (name: string, does: string) =>
    (language() === "zh" && CHINESE[name]) || does;

export const faultDoes = (row: FaultTypeRow) => inLanguage(row.name, row.does);

export const attributeDoes = (type: string, { name, does }: FaultAttribute) =>
    inLanguage(`${type}.${name}`, does);
