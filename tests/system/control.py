"""A client of the control interface that holds everything it gets against docs/control-api.yaml."""

import http.client
import json
import pathlib
import re
import socket

import jsonschema
import yaml

API = yaml.safe_load(
    (pathlib.Path(__file__).parents[2] / "docs" / "control-api.yaml").read_text()
)


def _schema_of_json(schema):
    """OpenAPI 3.0 says nullable where JSON schema has a type null."""
    if isinstance(schema, list):
        return [_schema_of_json(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _schema_of_json(value) for key, value in schema.items() if key != "nullable"}
    plain.pop("discriminator", None)
    return {"anyOf": [{"type": "null"}, plain]} if schema.get("nullable") is True else plain


COMPONENTS = {"components": _schema_of_json(API["components"])}


def check(schema, value):
    jsonschema.validate(value, {**COMPONENTS, **_schema_of_json(schema)})


def check_event(value):
    check({"$ref": "#/components/schemas/Event"}, value)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error"]["code"]


class Control:
    def __init__(self, socket_path=None, address=None, token=None):
        self._path, self._address, self._token = socket_path, address, token
        self.seen = set()  # (method, path of the document, status)

    def connection(self):
        if self._path:
            return _UnixConnection(self._path)
        return http.client.HTTPConnection(*self._address, timeout=30)

    def raw(self, method, path, body=None, headers=()):
        connection = self.connection()
        headers = dict(headers)
        if self._token:
            headers.setdefault("Authorization", f"Bearer {self._token}")
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer

    def ask(self, method, path, body=None, **options):
        """The answer, which is what the document says."""
        text = json.dumps(body) if body is not None else None
        answer = self.raw(method, path, text, **options)
        self._hold(method, path.partition("?")[0], answer)
        return answer

    def get(self, path):
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.json

    def post(self, path, body=None):
        answer = self.ask("POST", path, body)
        assert answer.status in (200, 201), answer.body
        return answer.json

    def _hold(self, method, path, answer):
        for template, operations in API["paths"].items():
            pattern = re.sub(r"{\w+}", "[^/]+", template)
            if method.lower() in operations and re.fullmatch(pattern, path):
                break
        else:
            check({"$ref": "#/components/schemas/Error"}, answer.json)
            return
        self.seen.add((method, template, answer.status))
        responses = operations[method.lower()]["responses"]
        response = responses[str(answer.status)]
        if "$ref" in response:
            response = API["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response["content"]
        if "application/json" in content:
            assert answer.headers["Content-Type"] == "application/json"
            check(content["application/json"]["schema"], answer.json)

    def events(self, query=""):
        return Events(self.connection(), f"/v1/events{query}", self._token)


class Events:
    """Server-sent events, one after the other."""

    def __init__(self, connection, path, token):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", path, headers=headers)
        self._connection = connection
        self.response = connection.getresponse()
        assert self.response.status == 200
        self.last_id = 0
        assert self.response.readline() == b": imqttd\n"  # it listens from here on

    def next(self):
        fields = {}
        while True:
            line = self.response.readline().decode()
            assert line, "the stream has ended"
            if line == "\n" and "data" in fields:
                break
            key, _, value = line.rstrip("\n").partition(": ")
            fields[key] = value
        if fields["event"] == "ping":
            return {"kind": "ping"}
        event = json.loads(fields["data"])
        assert event["kind"] == fields["event"]
        assert int(fields["id"]) > self.last_id
        self.last_id = int(fields["id"])
        check_event(event)
        return event

    def until(self, **wanted):
        while True:
            event = self.next()
            if all(event.get(key) == value for key, value in wanted.items()):
                return event

    def close(self):
        self.response.close()
        self._connection.close()
