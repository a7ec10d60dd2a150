"""The manual's sessions for Alibaba Cloud, word for word, and those of docs/aliyun.md, played
against the test cloud under the platform's own host names."""

import pathlib
import re

import pytest

from aliyun import Player, connect_to_cloud
from testcloud import TestCloud

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def cloud(tmp_path):
    """One of the test's own: the manual's devices are registered and activated in it."""
    cloud = TestCloud(tmp_path / "cloud")
    yield cloud
    cloud.stop()


@pytest.fixture
def start_player(start_host, cloud, tmp_path):
    """A modem as it comes out of the box, told of nothing but where the platform is."""

    def start(tls=True):
        options = ("--tls-ca", cloud.ca, "--state", tmp_path / "state")
        return Player(start_host(*options, env=connect_to_cloud(cloud, tls)))

    return start


# ---- 2.15 and 2.16

PRE_REGISTRATION = """
AT+IMQTTMODE=1,1
OK
AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,60,VERSION,3.1.1
OK
AT+IMQTTADDR="a1m8qO1ceKE.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883,""
OK
AT+IMQTTDYNREG=2
+IMQTTDYNREG: 1,"","",""
+IMQTTDYNREG: 2,"","",""
OK
AT+IMQTTDYNREG=1,1,a1m8qO1ceKE,SDK_0004,VPCTjT8dGTXr5Jpg
OK
+IMQTTDYNREG:1,"a1m8qO1ceKE","SDK_0004","<secret>"
AT+IMQTTDYNREG=2
+IMQTTDYNREG: 1,"a1m8qO1ceKE","SDK_0004","<secret>"
+IMQTTDYNREG: 2,"","",""
OK
AT+IMQTTAUTH="a1m8qO1ceKE","SDK_0004","<secret>"
OK
AT+IMQTTCONN
OK
+IMQTTCONN:0
"""

NO_PRE_REGISTRATION = """
AT+IMQTTMODE=1,1
OK
AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,60,VERSION,3.1.1
OK
AT+IMQTTADDR="a1m8qO1ceKE.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883,""
OK
AT+IMQTTDYNREG=2
+IMQTTDYNREG: 1,"","",""
+IMQTTDYNREG: 2,"","",""
OK
AT+IMQTTDYNREG=0,2,a1m8qO1ceKE,SDK_0007,VPCTjT8dGTXr5Jpg
OK
+IMQTTDYNREG:2,"<client>|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|","SDK_0007&a1m8qO1ceKE","<token>"
AT+IMQTTDYNREG=2
+IMQTTDYNREG: 1,"","",""
+IMQTTDYNREG: 2,"<client>|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|","SDK_0007&a1m8qO1ceKE","<token>"
OK
AT+IMQTTUSER="SDK_0007&a1m8qO1ceKE","<token>"
OK
AT+IMQTTADDR="a1m8qO1ceKE.iot-as-mqtt.cn-shanghai.aliyuncs.com",1883,"<client>|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|"
OK
AT+IMQTTCONN
OK
+IMQTTCONN:0
"""

REFUSED_LATER = """
AT+IMQTTDISCONN
OK
+IMQTTCONN:-1
AT+IMQTTDYNREG=0,<mode>,a1m8qO1ceKE,<device>,VPCTjT8dGTXr5Jpg
OK
+IMQTTDYNREG:<mode>,"","",""
AT+IMQTTERR?
+IMQTTERR:register,5,"refused: not allowed, or already activated"
OK
"""

SENDS = """
AT+IMQTTPUB=/a1m8qO1ceKE/<device>/user/test,1,test message!!
OK
+IMQTTPUB:2,0
"""


@pytest.mark.parametrize(
    "session, mode, device",
    [(PRE_REGISTRATION, "1", "SDK_0004"), (NO_PRE_REGISTRATION, "2", "SDK_0007")],
    ids=["pre-registered", "not pre-registered"],
)
def test_registration(start_player, session, mode, device):
    player = start_player()
    player.play(session)
    player.values |= {"mode": mode, "device": device}
    player.play(SENDS)
    player.play(REFUSED_LATER)


@pytest.mark.parametrize(
    "session, device",
    [(PRE_REGISTRATION, "SDK_0004"), (NO_PRE_REGISTRATION, "SDK_0007")],
    ids=["secret", "token"],
)
def test_what_it_gave_is_good_over_tcp_too(start_player, cloud, session, device):
    player = start_player()
    player.play(session.partition("AT+IMQTTCONN")[0])
    player.values |= {"device": device}
    host = player.host
    (address,) = host.command("AT+IMQTTADDR?")
    client_id = address.split(",", 2)[2]
    host.command(f"AT+IMQTTADDR={cloud.host},{cloud.port},{client_id}")
    host.command("AT+IMQTTMODE=1,0")
    host.connect()
    player.play(SENDS)


AUTH = """
AT+IMQTTAUTH?
OK
AT+IMQTTAUTH=a1ArHWIBwWN,mqtt1,Fg5PVTXX6fjI7A8BIi2Oj9z9rUeLMftK
OK
AT+IMQTTAUTH=?
OK
AT+IMQTTAUTH?
+IMQTTAUTH:a1ArHWIBwWN,mqtt1,Fg5PVTXX6fjI7A8BIi2Oj9z9rUeLMftK
OK
AT+IMQTTDYNREG?
OK
AT+IMQTTDYNREG=?
OK
"""


def test_auth(start_player):
    player = start_player()
    player.play(AUTH)
    player.host.command("AT+IMQTTMODE=1,1")
    player.host.connect()


# ---- section 3

EXAMPLE = """
AT+IMQTTAUTH=a1R3d3WsBI0,test1,c75b6a4e39342f02ec161ba682566054
OK
AT+IMQTTMODE=1,<tls>
OK
AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,60,VERSION,3.1.1
OK
AT+IMQTTCONN
OK
+IMQTTCONN:0
AT+IMQTTSUB=/a1R3d3WsBI0/test1/user/test,0
OK
+IMQTTSUB:2,0
"""

MESSAGES = [
    ("AT+IMQTTPUB=/a1R3d3WsBI0/test1/user/test,1,test message!!", 3),
    ("AT+IMQTTPUBIN=/a1R3d3WsBI0/test1/user/test,1,74657374206d6573736167652121", 4),
]

END = """
AT+IMQTTUNSUB=/a1R3d3WsBI0/test1/user/test
OK
+IMQTTUNSUB:5,0
AT+IMQTTSTATE?
+IMQTTSTATE:2
OK
AT+IMQTTDISCONN
OK
+IMQTTCONN:-1
AT+IMQTTSTATE?
+IMQTTSTATE:0
OK
"""


@pytest.mark.parametrize("tls", [0, 1])
def test_example(start_player, tls):
    player = start_player(tls=bool(tls))
    player.values["tls"] = str(tls)
    player.play(EXAMPLE)
    for command, packet_id in MESSAGES:  # which of the two lines comes first is the broker's choice
        player.host.command(command)
        player.host.urc(rf"\+IMQTTPUB:{packet_id},0")
        received = (0, "/a1R3d3WsBI0/test1/user/test", b"test message!!")
        assert player.host.received() == received
    player.play(END)


# ---- docs/aliyun.md, and docs/zh/aliyun.md, whose sessions a gate holds to be the same


def transcripts():
    page = (ROOT / "docs" / "aliyun.md").read_text()
    sections = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    return [
        pytest.param(transcript, id=f"{title} {number}")
        for title, body in zip(sections[1::2], sections[2::2])
        for number, transcript in enumerate(
            re.findall(r"^```transcript\n(.*?)^```$", body, re.MULTILINE | re.DOTALL), 1
        )
    ]


def test_the_page_has_transcripts():
    assert len(transcripts()) >= 4


@pytest.mark.parametrize("transcript", transcripts())
def test_document(start_player, transcript):
    player = start_player()
    player.play(transcript)
    assert player.host.command("AT") == []
