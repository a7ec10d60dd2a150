// What the page says, in English and in Chinese. {} stands for a value.

const TABLE = {
    // login
    token: ["Token", "令牌"],
    tokenHint: [
        "What stands in the program's --token-file. It is kept in this page only, until it is closed.",
        "程序 --token-file 文件的内容。只保存在本页面内存中，关闭即消失。",
    ],
    login: ["Log in", "登录"],
    logout: ["Log out", "退出"],
    wrongToken: ["That is not the token.", "令牌不正确。"],
    noAnswer: ["Nobody answers at this address.", "此地址没有响应。"],
    // the whole
    dark: ["Dark", "深色"],
    light: ["Light", "浅色"],
    resetAll: ["Reset all", "全部复位"],
    resetHint: [
        "Removes all faults, makes all radios good, switches all modems on",
        "清除所有故障，恢复所有无线状态，全部上电",
    ],
    connectionLost: [
        "imqttd does not answer, since {}. The page goes on as soon as it does.",
        "imqttd 自 {} 起没有响应，恢复后页面会自动继续。",
    ],
    oldPage: [
        "This page is of version {}, the program of version {}: load the page again.",
        "页面版本 {}，程序版本 {}：请重新加载页面。",
    ],
    reload: ["Load again", "重新加载"],
    close: ["Close", "关闭"],
    done: ["Done: {}", "完成：{}"],
    failed: ["Refused: {}", "被拒绝：{}"],
    // the list
    modems: ["Modems", "模组"],
    search: ["Search", "搜索"],
    all: ["all", "全部"],
    connected: ["connected", "已连接"],
    offline: ["offline", "未连接"],
    unregistered: ["not registered", "未注册"],
    faulty: ["faults", "有故障"],
    off: ["off", "断电"],
    noModem: ["No modem is like that.", "没有符合的模组。"],
    chooseModem: ["Choose a modem on the left.", "请在左侧选择一个模组。"],
    back: ["All modems", "全部模组"],
    gone: ["This modem is no longer there.", "此模组已不存在。"],
    // state
    stateOff: ["Switched off", "已断电"],
    stateConnected: ["Connected to {} as {}, for {}", "已连接 {}，客户端 {}，已持续 {}"],
    encrypted: ["TLS", "TLS"],
    sessionPresent: ["session continued", "会话已恢复"],
    stateOffline: ["Not connected", "未连接"],
    lastError: ["Last error at {}: {}", "最近错误 {}：{}"],
    stage_dns: ["the broker's name was not found", "找不到服务器域名"],
    stage_tcp: ["no TCP connection", "TCP 连接失败"],
    stage_tls: ["the TLS handshake failed", "TLS 握手失败"],
    stage_connack: ["the broker refused the connection", "服务器拒绝连接"],
    stage_keepalive: ["the broker did not answer a ping", "服务器未响应心跳"],
    stage_peer: ["the broker closed the connection", "服务器断开连接"],
    stage_request: ["a request was not answered", "请求未得到应答"],
    stage_register: ["the registration failed", "动态注册失败"],
    hostThere: ["a host is connected", "主机已接入"],
    hostAbsent: ["no host", "无主机"],
    // timeline
    timeline: ["Timeline", "时间线"],
    kinds: ["Kinds", "类型"],
    kind_at: ["AT", "AT"],
    kind_mqtt: ["MQTT", "MQTT"],
    kind_news: ["news", "事件"],
    kind_fault: ["faults", "故障"],
    find: ["Find", "查找"],
    next: ["Next", "下一个"],
    previous: ["Previous", "上一个"],
    onlyFound: ["only these", "仅匹配"],
    pause: ["Pause", "暂停"],
    goOn: ["Go on", "继续"],
    copy: ["Copy", "复制"],
    copied: ["{} lines copied", "已复制 {} 行"],
    clear: ["Clear", "清空"],
    saveRecording: ["Save", "保存"],
    savePcapng: ["Save pcapng", "保存 pcapng"],
    saveHint: ["What the timeline keeps, as {}", "将时间线内容保存为 {}"],
    record: ["Record", "录制"],
    stopRecord: ["Stop and save, {}", "停止并保存，{}"],
    recordHint: ["All that happens from now on", "从现在起的全部内容"],
    recordBroken: ["The recording ended early: {}", "录制提前结束：{}"],
    clockTime: ["clock", "时钟"],
    programTime: ["seconds", "秒"],
    newLines: ["{} new ↓", "{} 条新 ↓"],
    dropped: ["{} older ones dropped", "已丢弃 {} 条旧记录"],
    notKept: ["{} not kept while paused", "暂停期间 {} 条未保留"],
    badEvents: ["{} unreadable events", "{} 个无法识别的事件"],
    lineCount: ["{} lines", "{} 行"],
    gap_lost: ["connection to imqttd lost: {} missed", "与 imqttd 断开：缺失 {}"],
    gap_restarted: ["imqttd was started again", "imqttd 已重新启动"],
    gap_away: ["not looked at: {} missed", "未查看：缺失 {}"],
    gap_paused: ["paused: {} events missed", "暂停：缺失 {} 条"],
    unreadable: ["unreadable event", "无法识别的事件"],
    host: ["host", "主机"],
    modem: ["modem", "模组"],
    broker: ["broker", "服务器"],
    opening: ["opening the stream…", "正在打开事件流…"],
    nothingYet: ["Nothing has happened yet.", "尚无内容。"],
    starred: ["a secret was replaced by *", "密码已替换为 *"],
    more: ["{} characters in all", "共 {} 个字符"],
    typeLine: ["Type an AT line as the host", "以主机身份输入 AT 命令"],
    typeData: ["Data, as it stands: the modem awaits it", "模组正在等待数据，按原样输入"],
    send: ["Send", "发送"],
    typeTaken: ["A host has the terminal: only it can type.", "主机已占用终端，无法输入。"],
    // side panel
    panels: ["Panels", "面板"],
    tab_controls: ["Controls", "控制"],
    tab_faults: ["Faults", "故障"],
    tab_charts: ["Charts", "图表"],
    tab_report: ["Report", "报告"],
    tab_details: ["Details", "详情"],
    radio: ["Radio", "无线"],
    signal: ["Signal", "信号"],
    unknown: ["unknown", "未知"],
    registered: ["Registered", "注册"],
    reg_no: ["no", "未注册"],
    reg_home: ["home", "本地网络"],
    reg_searching: ["searching", "搜索中"],
    reg_denied: ["denied", "被拒绝"],
    reg_roaming: ["roaming", "漫游"],
    sim: ["SIM", "SIM 卡"],
    sim_ready: ["ready", "就绪"],
    sim_absent: ["absent", "未插入"],
    power: ["Power", "电源"],
    power_on: ["on", "上电"],
    power_off: ["off", "断电"],
    power_cycle: ["cycle", "重启"],
    link: ["Link to the broker", "与服务器的连接"],
    link_cut: ["cut (RST)", "切断 (RST)"],
    link_close: ["close (FIN)", "关闭 (FIN)"],
    urc: ["URC", "URC"],
    urcText: ["Text, such as +CMTI: \"SM\",1", "内容，如 +CMTI: \"SM\",1"],
    // faults
    addFault: ["Add fault", "添加故障"],
    type: ["Type", "类型"],
    faultLink: ["Link", "链路"],
    stream: ["Stream", "方向"],
    stream_up: ["up (to the broker)", "上行"],
    stream_down: ["down (to the host)", "下行"],
    stream_both: ["both", "双向"],
    moreOptions: ["More", "更多"],
    toxicity: ["Share of pieces struck, 0 to 1", "命中比例，0 到 1"],
    seed: ["Seed", "随机种子"],
    ttl_ms: ["Removes itself after, ms", "自动移除时间，毫秒"],
    count: ["Removes itself after so many strikes", "命中多少次后移除"],
    when: ["Only while a command is answered that matches", "仅在应答匹配的命令时"],
    name: ["Name", "名称"],
    remove: ["Remove", "移除"],
    removeAll: ["Remove all", "全部移除"],
    noFaults: ["No faults.", "没有故障。"],
    // charts
    messages: ["Messages a second", "每秒消息数"],
    acknowledgement: ["Acknowledged after, ms", "确认时间，毫秒"],
    bytes: ["Payload bytes a second", "每秒负载字节"],
    out: ["out", "发出"],
    in: ["in", "收到"],
    mean: ["mean", "平均"],
    longest: ["longest", "最长"],
    // report
    clean: ["No findings: the host does nothing wrong.", "没有发现：主机行为正确。"],
    findings: ["{} findings", "{} 项发现"],
    why: ["Why", "原因"],
    remedy: ["Remedy", "对策"],
    goToLine: ["Show in the timeline: {}", "在时间线中查看：{}"],
    lineGone: ["That line is no longer kept.", "该行已不再保留。"],
    // details
    identity: ["Identity", "标识"],
    settings: ["Settings", "设置"],
    subscriptions: ["Subscriptions", "订阅"],
    counters: ["Counters", "计数"],
    connection: ["Connection", "连接"],
    none: ["none", "无"],
} as const;

export type Word = keyof typeof TABLE;

let place: 0 | 1 = 0;

export const language = () => (place ? "zh" : "en");

export function setLanguage(code: string) {
    place = code.toLowerCase().startsWith("zh") ? 1 : 0;
    document.documentElement.lang = language();
}

export function say(word: Word, ...values: (string | number)[]): string {
    let i = 0;
    return TABLE[word][place].replace(/\{\}/g, () => String(values[i++]));
}

// A word whose name is put together: as it is, if there is none.
export function sayOr(word: string, otherwise: string): string {
    return word in TABLE ? say(word as Word) : otherwise;
}
