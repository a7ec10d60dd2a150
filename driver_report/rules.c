#include "driver_report/rules.h"

static const struct report_rule rules[RULE_COUNT] = {
    [RULE_COMMAND_BEFORE_RESULT] =
        {"command-before-result",
         {{"A command before the last one's final result",
           "Real modules drop a line that comes while another is being answered, or take the two "
           "answers for one; which answer belongs to which command is then a guess.",
           "Send a command only after OK, ERROR or +CME ERROR of the one before. Wait at least as "
           "long as the module's manual allows for it, and after a time-out find the line again "
           "with AT before you go on."},
          {"上一条命令的最终结果未到，就发了下一条命令",
           "真实模组在应答期间会丢弃新来的命令行，或者两个应答混在一起，应答与命令的对应关系只能靠"
           "猜。",
           "收到上一条命令的 OK、ERROR 或 +CME ERROR 之后再发下一条。超时时间不要短于手册给出的值；"
           "超时后先用 AT 重新同步，再继续。"}}},
    [RULE_DATA_BEFORE_PROMPT] =
        {"data-before-prompt",
         {{"Data before the prompt >",
           "Until the prompt the module still reads commands: data that comes early is lost, or is "
           "run as a command.",
           "After AT+IMQTTPUBEX wait for > and only then send the data; on an error send none."},
          {"未等到提示符 > 就发送数据",
           "出现提示符之前，模组仍在解析命令：过早的数据会丢失，甚至被当作命令执行。",
           "发出 AT+IMQTTPUBEX 后等待 >，再发送数据；收到错误则不要发送。"}}},
    [RULE_DATA_LENGTH] =
        {"data-length",
         {{"PUBEX data shorter or longer than the size that was said",
           "Too short: the module waits, swallows the next commands as data, then fails with error "
           "31. Too long: what is left over is read as a command.",
           "Give the size in bytes of exactly what is sent (bytes, not characters, without a "
           "closing zero or line end), and send it whole."},
          {"PUBEX 数据的长度与声明的不符",
           "过短：模组继续等待，把后面的命令当作数据吞掉，最后报错误 "
           "31。过长：多出的字节会被当作命令。",
           "声明的长度必须等于实际发送的字节数（按字节而非字符计，不含结尾的零或换行），并且一次发"
           "完。"}}},
    [RULE_RETRY_STORM] =
        {"retry-storm",
         {{"The same command again after the same error, more than three times a second",
           "It will fail again for the same reason; meanwhile the line, the processor and the "
           "battery have no rest, and in a fleet the network neither.",
           "Wait before a retry, longer each time (1 s, 2 s, 4 s … with some chance in it), and "
           "look at the error: one that cannot pass by itself needs no retry."},
          {"同样的错误之后，每秒重发同一命令三次以上",
           "原因没有改变，还会再失败；串口、处理器和电池得不到休息，设备多时网络也一样。",
           "重试之前要等待，并逐次加长（1 秒、2 秒、4 "
           "秒……并加一点随机量）；先看错误码：不会自行消失的错误不必重试。"}}},
    [RULE_CONNECT_WITHOUT_REGISTRATION] =
        {"connect-without-registration",
         {{"AT+IMQTTCONN without registration in the network",
           "Without registration there is no IP connection: the command can only fail.",
           "Wait for +CREG: 1 or 5 (AT+CREG? or its URC, AT+CEREG? on LTE) before AT+IMQTTCONN."},
          {"未注册到网络就发 AT+IMQTTCONN", "没有注册就没有 IP 连接，这条命令只会失败。",
           "先等到 +CREG 为 1 或 5（用 AT+CREG? 或它的主动上报，LTE 用 AT+CEREG?），再发 "
           "AT+IMQTTCONN。"}}},
    [RULE_REQUEST_BEFORE_CONNECTED] =
        {"request-before-connected",
         {{"Publishing or subscribing before +IMQTTCONN:0",
           "The OK of AT+IMQTTCONN only says that connecting began; a request before the URC is "
           "refused, and what it carried is lost.",
           "Wait for +IMQTTCONN:0 before the first request, and after each +IMQTTCONN:-1 again."},
          {"收到 +IMQTTCONN:0 之前就发布或订阅",
           "AT+IMQTTCONN 的 OK 只表示开始连接；在主动上报之前的请求会被拒绝，内容也就丢了。",
           "等到 +IMQTTCONN:0 再发第一个请求；每次出现 +IMQTTCONN:-1 之后也一样。"}}},
    [RULE_PUBLISH_NOT_REPEATED] =
        {"publish-not-repeated",
         {{"A publish that was reported 1 (failed) was not repeated",
           "Result 1 means that nobody has acknowledged the message: if the host does not send it "
           "again, it is lost.",
           "Keep each message until its URC says 0; on 1 publish it again, once connected."},
          {"发布结果为 1（失败），却没有重发",
           "结果 1 表示消息没有得到确认：主机不重发，消息就丢失了。",
           "每条消息保留到主动上报给出 0；给出 1 时，在连接恢复后重新发布。"}}},
    [RULE_LOSS_NOT_NOTICED] =
        {"loss-not-noticed",
         {{"A lost connection was not noticed within 60 s",
           "The host goes on as if it were connected: what it publishes is refused, and commands "
           "from the cloud do not arrive.",
           "Act on the URC of a loss (+IMQTTCONN:-1; in other dialects +IMQTTSTATE:0, +QMTSTAT, "
           "+CMQTTCONNLOST, +SMSTATE: 0, +MQTTDISCONNECTED), and ask for the state from time to "
           "time "
           "or when requests fail; then connect again."},
          {"连接断开后 60 秒内没有察觉", "主机以为仍在连接中：发布会被拒绝，云端的指令也收不到。",
           "处理断开的主动上报（+IMQTTCONN:-1；其他方言为 +IMQTTSTATE:0、+QMTSTAT、+CMQTTCONNLOST、"
           "+SMSTATE: 0、+MQTTDISCONNECTED）；并且定时、或在请求失败时查询状态，然后重新连接。"}}},
    [RULE_INBOX_FULL_UNREAD] =
        {"inbox-full-unread",
         {{"+IMQTTCOUNT: FULL without AT+IMQTTRECV",
           "While the buffer is full every further message is dropped.",
           "Read with AT+IMQTTRECV=10 at once on FULL, and already on +IMQTTCOUNT: n, until "
           "nothing "
           "is left."},
          {"出现 +IMQTTCOUNT: FULL 后没有用 AT+IMQTTRECV 读取",
           "缓冲区满期间，之后到达的消息全部被丢弃。",
           "出现 FULL 立即用 AT+IMQTTRECV=10 读取；最好在 +IMQTTCOUNT: n 时就读，直到读空。"}}},
    [RULE_MESSAGES_READ_LATE] =
        {"messages-read-late",
         {{"Messages were read later than they came by more than the keep-alive",
           "Commands from the cloud are old when they are carried out, and the buffer of ten fills "
           "up.",
           "Read on each +IMQTTCOUNT: n, or at least once in each keep-alive."},
          {"消息到达后，超过一个保活周期才被读取",
           "云端指令执行时已经过时，而且十条的缓冲区会被填满。",
           "每次出现 +IMQTTCOUNT: n 就读取，至少每个保活周期读取一次。"}}},
    [RULE_LINE_TOO_LONG] =
        {"line-too-long",
         {{"A line over the limit of 4096 bytes",
           "The module swallows it whole and answers error 24; some cut it and run the rest.",
           "Send long payloads with AT+IMQTTPUBEX (in other dialects behind the prompt of theirs), "
           "or "
           "in several messages."},
          {"命令行超过 4096 字节的上限",
           "模组会整行丢弃并报错误 24；有的模组会截断后执行剩余部分。",
           "较长的内容用 AT+IMQTTPUBEX（其他方言用带提示符的指令）发送，或拆成多条消息。"}}},
    [RULE_CONTROL_IN_STRING] =
        {"control-in-string",
         {{"A control byte in a quoted string",
           "It fails with error 25, and on some modules it ends the line, or edits it.",
           "Send such payloads as hexadecimal with AT+IMQTTPUBIN or as data with AT+IMQTTPUBEX (in "
           "other dialects behind the prompt of theirs)."},
          {"引号内的字符串含有控制字符", "模组报错误 25；有的模组会因此结束或改写这一行。",
           "这样的内容用 AT+IMQTTPUBIN 以十六进制发送，或用 "
           "AT+IMQTTPUBEX（其他方言用带提示符的指令）以数据发送。"}}},
    [RULE_SECRET_WITH_ECHO] =
        {"secret-with-echo",
         {{"A secret was typed with echo on",
           "The module sends it back in plain text: it then stands in every log of the line.",
           "Switch echo off (ATE0) before AT+IMQTTUSER, AT+IMQTTAUTH and AT+IMQTTDYNREG (in other "
           "dialects before the commands of theirs)."},
          {"回显打开时输入了密码或密钥", "模组会原样发回，于是串口的每份日志里都有它。",
           "在 AT+IMQTTUSER、AT+IMQTTAUTH、AT+IMQTTDYNREG（其他方言为各自的指令）之前先用 ATE0 "
           "关闭回显。"}}},
    [RULE_URC_IGNORED] =
        {"urc-ignored",
         {{"A URC that asks for action was followed by none within 60 s",
           "After the URC of a loss (+IMQTTCONN:-1, or another dialect's) there is no connection, "
           "after FULL messages are dropped, after RDY the module has restarted and has lost its "
           "settings and its connection.",
           "Read the line also while no command runs. On a loss connect again, on FULL read, on "
           "RDY "
           "start from the beginning."},
          {"需要处理的主动上报，60 秒内没有任何反应",
           "断开的主动上报（+IMQTTCONN:-1，或其他方言的）之后没有连接；FULL 之后消息被丢弃；RDY "
           "表示模组已重启，设置和连接都没有了。",
           "没有命令执行时也要读串口。断开后重新连接，出现 FULL 读取消息，出现 RDY 从头初始化。"}}},
};

const struct report_rule *report_rule(enum report_rule_id id)
{
    return &rules[id];
}
