"""An S3-compatible server for tests: moto's, behind a guard that checks signatures with botocore and makes faults.

Prints its port and ends with its standard input. `POST /_faults` takes a list of {"match", "kind", "count"}; `match` is a
part of "METHOD /path?query" and takes the place of a fault with the same one, `kind` is "cut" (the connection ends in the middle of the body), "refuse" (403), "fail" (503)
or "stall" (no answer until the server ends). `GET /_requests` answers what was asked, with the bytes of each body, and
`GET /_begun` what was asked at least in part. `POST /_buckets` makes the bucket that it names. `POST /` is the token
service: who shows the token of the web identity is lent keys, which must come with their session token then.
"""
import io, json, os, re, socket, sys, threading
from datetime import datetime
from urllib.parse import parse_qs

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

SECRET = "server-secret"
WEB_IDENTITY = "web-identity-token"


class Guard:
    def __init__(self, app):
        self.app, self.faults, self.requests, self.begun, self.lock = app, [], [], [], threading.Lock()
        self.lent = {}  # access key -> (secret, session token)

    def __call__(self, environ, start):
        line = environ["REQUEST_METHOD"] + " " + environ["REQUEST_URI"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if line == "POST /_faults":
            with self.lock:
                for fault in json.loads(environ["wsgi.input"].read(length)):
                    self.faults = [other for other in self.faults if other["match"] != fault["match"]] + [fault]
            return self.answer(start, "200 OK", b"{}")
        if line.startswith("GET /_requests"):
            with self.lock:
                return self.answer(start, "200 OK", json.dumps(self.requests).encode())
        if line == "POST /_buckets":
            name = environ["wsgi.input"].read(length).decode()
            boto3.client("s3", aws_access_key_id="AK", aws_secret_access_key=SECRET, region_name="us-east-1",
                         endpoint_url=f"http://127.0.0.1:{server.port}").create_bucket(Bucket=name)
            return self.answer(start, "200 OK", b"{}")
        if line == "GET /_begun":
            with self.lock:
                return self.answer(start, "200 OK", json.dumps(self.begun).encode())
        with self.lock:
            self.begun.append(line)
        kind = self.fault(line)
        if kind == "cut":
            environ["wsgi.input"].read(length // 2)
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        if kind == "stall":
            threading.Event().wait()
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        with self.lock:
            self.requests.append({"line": line, "bytes": len(body)})
        if kind == "refuse":
            return self.error(start, "403 Forbidden", "AccessDenied", "Access Denied")
        if kind == "fail":
            return self.error(start, "503 Slow Down", "SlowDown", "Please reduce your request rate.")
        if line == "POST /":
            return self.lend(environ, start, body)
        if not self.is_signed(environ, body):
            return self.error(start, "403 Forbidden", "SignatureDoesNotMatch", "The signature does not match.")
        return self.app(environ, start)

    def lend(self, environ, start, body):
        if parse_qs(body.decode()).get("WebIdentityToken") != [WEB_IDENTITY]:
            return self.error(start, "400 Bad Request", "InvalidIdentityToken", "The token is not valid.")
        answer = b"".join(self.app(environ, start))
        def text(name):
            return re.search(f"<{name}>([^<]*)</{name}>", answer.decode()).group(1)
        with self.lock:
            self.lent[text("AccessKeyId")] = (text("SecretAccessKey"), text("SessionToken"))
        return [answer]

    def fault(self, line):
        with self.lock:
            for fault in self.faults:
                if fault["match"] in line and fault["count"] > 0:
                    fault["count"] -= 1
                    return fault["kind"]

    def is_signed(self, environ, body):
        fields = dict(
            field.strip().split("=", 1)
            for field in environ.get("HTTP_AUTHORIZATION", "").removeprefix("AWS4-HMAC-SHA256 ").split(",")
            if "=" in field)
        if "Credential" not in fields:
            return False
        access, day, region, service, _ = fields["Credential"].split("/")
        names = fields["SignedHeaders"].split(";")

        def header(name):
            plain = name.upper().replace("-", "_")
            return environ.get(plain if plain in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + plain, "")

        token = header("x-amz-security-token") or None
        secret, expected = self.lent.get(access, (SECRET, token))
        if token != expected:
            return False
        auth = S3SigV4Auth(Credentials(access, secret, token), service, region)
        request = AWSRequest(environ["REQUEST_METHOD"], "http://" + header("host") + environ["REQUEST_URI"], data=body)
        for name in names:
            request.headers[name] = header(name)
        request.context["timestamp"] = header("x-amz-date")
        canonical = self.canonical(auth, request, header("x-amz-content-sha256"))
        return auth.signature(auth.string_to_sign(request, canonical), request) == fields["Signature"]

    @staticmethod
    def canonical(auth, request, payload):
        from urllib.parse import urlsplit
        headers = auth.headers_to_sign(request)
        return "\n".join([
            request.method, auth._normalize_url_path(urlsplit(request.url).path or "/"),
            auth.canonical_query_string(request), auth.canonical_headers(headers) + "\n",
            auth.signed_headers(headers), payload])

    def error(self, start, status, code, message):
        words = f"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        return self.answer(start, status, words.encode(), "application/xml")

    @staticmethod
    def answer(start, status, body, kind="application/json"):
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *arguments):
        pass


server = make_server("127.0.0.1", 0, Guard(DomainDispatcherApplication(create_backend_app)), threaded=True,
                     request_handler=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.port, flush=True)
sys.stdin.read()
os._exit(0)
