"""A tool made with PyLTI1p3 as it comes, served by the standard library. It prints its address, and ends with its input."""

import json
import sys
import threading
import uuid
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from jwcrypto.jwk import JWK
from pylti1p3.cookie import CookieService
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfDict

KEY = JWK.generate(kty="RSA", size=2048)
PRIVATE = KEY.export_to_pem(private_key=True, password=None).decode()
PUBLIC = KEY.export_to_pem().decode()


class ToolRequest(Request):
    """What PyLTI1p3 asks of a web framework's request."""

    def __init__(self, params, cookies, session):
        self._params = params
        self._cookies = cookies
        self._session = session

    @property
    def session(self):
        return self._session

    def is_secure(self):
        return False

    def get_param(self, key):
        return self._params.get(key)

    def get_cookie(self, name):
        return self._cookies.get(name)


class ToolCookies(CookieService):
    def __init__(self, request):
        self._request = request
        self.to_set = {}

    def _name(self, name):
        return f"{self._cookie_prefix}-{name}"

    def get_cookie(self, name):
        return self._request.get_cookie(self._name(name))

    def set_cookie(self, name, value, exp=3600):
        self.to_set[self._name(name)] = f"{value}; Path=/; Max-Age={exp}; HttpOnly"


class ToolRedirect(Redirect):
    def __init__(self, location):
        self._location = location

    def do_redirect(self):
        return self._location

    def do_js_redirect(self):
        raise NotImplementedError

    def set_redirect_url(self, location):
        self._location = location

    def get_redirect_url(self):
        return self._location


class Login(OIDCLogin):
    def get_redirect(self, url):
        return ToolRedirect(url)


class Launch(MessageLaunch):
    def _get_request_param(self, key):
        return self._request.get_param(key)


def line_item(members):
    return LineItem(members) if members else None


def grade(members):
    made = Grade()
    for name, value in members.items():
        getattr(made, f"set_{name}")(value)
    return made


# What the tests ask for, of the launch that they name.
CALLS = {
    "members": lambda launch, rlid=None: launch.get_nrps().get_members(rlid),
    "context": lambda launch: launch.get_nrps().get_context(),
    "lineItems": lambda launch: launch.get_ags().get_lineitems(),
    "lineItem": lambda launch, url=None: json.loads(launch.get_ags().get_lineitem(url).get_value()),
    "findOrCreate": lambda launch, item, by="tag": json.loads(
        launch.get_ags().find_or_create_lineitem(LineItem(item), by).get_value()
    ),
    "score": lambda launch, score, item=None: launch.get_ags().put_grade(grade(score), line_item(item))["body"],
    "results": lambda launch, item=None: launch.get_ags().get_grades(line_item(item)),
}


def resource(members):
    made = DeepLinkResource()
    made.set_title(members["title"]).set_url(members["url"])
    made.set_custom_params(members.get("custom", {}))
    return made.set_lineitem(line_item(members.get("lineItem")))


class Tool:
    """What lives as long as the program: who may launch it, and its sessions."""

    def __init__(self, url):
        self.url = url
        self.sessions = {}
        self.platforms = {}

    def config(self):
        made = ToolConfDict({iss: list(clients.values()) for iss, clients in self.platforms.items()})
        for iss, clients in self.platforms.items():
            for client_id in clients:
                made.set_private_key(iss, PRIVATE, client_id)
                made.set_public_key(iss, PUBLIC, client_id)
        return made

    def set_platform(self, platform):
        self.platforms.setdefault(platform["issuer"], {})[platform["clientId"]] = {
            "client_id": platform["clientId"],
            "auth_login_url": platform["authorizationEndpoint"],
            "auth_token_url": platform["tokenEndpoint"],
            "key_set_url": platform["jwksUri"],
            "deployment_ids": platform["deployments"],
        }

    def answer(self, path, params, request):
        """(status, content type, body, cookies)"""
        cookies = ToolCookies(request)
        parts = (request, self.config(), SessionService(request), cookies)
        if path == "/jwks":
            return 200, {"keys": [Registration.get_jwk(PUBLIC)]}, {}
        if path == "/platform":
            self.set_platform(params)
            return 200, {}, {}
        if path == "/login":
            location = Login(*parts).redirect(f"{self.url}/launch")
            return 302, location, cookies.to_set
        if path == "/launch":
            launch = Launch(*parts)
            data = launch.get_launch_data()
            roles = {
                "teacher": launch.check_teacher_access(),
                "student": launch.check_student_access(),
                "staff": launch.check_staff_access(),
            }
            found = {"deepLink": launch.is_deep_link_launch(), "ags": launch.has_ags(), "nrps": launch.has_nrps()}
            return 200, {"launch": launch.get_launch_id(), "claims": data, **roles, **found}, {}
        launch = Launch.from_cache(params["launch"], *parts)
        if path == "/call":
            return 200, CALLS[params["call"]](launch, *params.get("args", [])), {}
        if path == "/deep-link":
            return 200, launch.get_deep_link().output_response_form([resource(item) for item in params["items"]]), {}
        return 404, {"error": "no such path"}, {}


class Handler(BaseHTTPRequestHandler):
    tool = None

    def do_GET(self):
        query = urlsplit(self.path).query
        self.respond({name: values[0] for name, values in parse_qs(query).items()})

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if self.headers["Content-Type"].startswith("application/json"):
            return self.respond(json.loads(text))
        return self.respond({name: values[0] for name, values in parse_qs(text).items()})

    def respond(self, params):
        cookies = {name: morsel.value for name, morsel in SimpleCookie(self.headers["Cookie"] or "").items()}
        session = cookies.get("session") or str(uuid.uuid4())
        request = ToolRequest(params, cookies, self.tool.sessions.setdefault(session, {}))
        try:
            status, body, to_set = self.tool.answer(urlsplit(self.path).path, params, request)
        except Exception as error:  # pylint: disable=broad-except
            status, body, to_set = 400, {"error": f"{type(error).__name__}: {error}"}, {}
        self.send_response(status)
        self.send_header("Set-Cookie", f"session={session}; Path=/; HttpOnly")
        for name, value in to_set.items():
            self.send_header("Set-Cookie", f"{name}={value}")
        if status == 302:
            self.send_header("Location", body)
            body = ""
        html = isinstance(body, str)
        self.send_header("Content-Type", "text/html; charset=utf-8" if html else "application/json")
        content = (body if html else json.dumps(body)).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing: what fails is in the answer."""


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.tool = Tool(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"tool at {Handler.tool.url}", flush=True)
    sys.stdin.read()


main()
