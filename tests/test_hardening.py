"""What every request passes: each hole that was measured open is shown shut."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ui.hardening import PathList, SecurityHeaders, StripHeaders, content_security_policy, is_open


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"url": str(request.url), "headers": dict(request.headers)})


def client_of(**options) -> TestClient:
    async def talk(websocket) -> None:
        await websocket.accept()

    methods = ["GET", "POST", "PUT", "DELETE"]
    inner = Starlette(routes=[WebSocketRoute("/ws", talk), Route("/{path:path}", echo, methods=methods)])
    app = SecurityHeaders(
        StripHeaders(PathList(inner, not_found=PlainTextResponse("nothing here", status_code=404))), **options
    )
    return TestClient(app, base_url="http://museum.example")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload", "/gradio_api/deep_link", "/gradio_api/file=/etc/passwd", "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://elsewhere.example/", "/gradio_api/stream/x/0/0/playlist-file", "/gradio_api/token",
        "/gradio_api/runs", "/gradio_api/vibe-code/", "/gradio_api/dev/reload",
        "/gradio_api/custom_component/x/y/z/f.js", "/gradio_api/openapi.json", "/gradio_api/queue/status",
        "/gradio_api/call/ask", "/gradio_api/api/ask", "/gradio_api/login_check", "/gradio_api/user",
        "/gradio_api/mcp", "/gradio_api", "/gradio_api/heartbeat/../upload", "/gradio_api/heartbeat/a/b",
        "/login", "/logout", "/monitoring", "/monitoring/summary", "/openapi.json", "/manifest.json", "/pwa_icon",
        "/static/img/x.svg", "/docs", "/redoc", "/.env", "/config.bak", "//gradio_api/upload", "/gradio_api%2Fupload",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_a_path_off_the_list_is_not_there(path, method):
    response = client_of().request(method, path)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/config"), ("GET", "/assets/index.js"), ("GET", "/theme.css"), ("GET", "/site/site.js"),
        ("GET", "/documents/a/b"), ("GET", "/cite/a/t1:1-2"), ("POST", "/api/v1/ask"), ("GET", "/healthz"),
        ("GET", "/readyz"), ("GET", "/metrics"), ("POST", "/api/v1/conversation.md"), ("GET", "/gradio_api/queue/data"),
        ("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/queue/join/"), ("POST", "/gradio_api/run/predict"),
        ("GET", "/gradio_api/heartbeat/abc123"), ("GET", "/gradio_api/startup-events"), ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/app_id"),
        ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/reset"), ("POST", "/gradio_api/component_server"),
    ],
)  # fmt: skip
def test_what_the_pages_need_passes(method, path):
    assert is_open(method, path)


def test_a_method_off_the_list_is_not_there_either():
    assert not is_open("POST", "/gradio_api/queue/data")
    assert not is_open("GET", "/gradio_api/queue/join")


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Prefix", "Forwarded", "X-Gradio-Server",
     "X-Original-URL"],
)  # fmt: skip
def test_an_address_that_a_client_claims_is_taken_away(header):
    response = client_of().get("/config", headers={header: "evil.example"})

    assert header.lower() not in response.json()["headers"]
    assert "evil.example" not in response.text


def test_a_page_of_another_site_cannot_send_anything():
    client = client_of()

    assert client.post("/api/v1/ask", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/gradio_api/queue/join", headers={"Origin": "null"}).status_code == 403
    assert client.delete("/api/v1/conversations/x", headers={"Origin": "http://museum.example:81"}).status_code == 403


def test_our_own_pages_and_programs_can_send():
    client = client_of()

    assert client.post("/api/v1/ask", headers={"Origin": "http://museum.example"}).status_code == 200
    assert client.post("/api/v1/ask", headers={"Origin": "https://museum.example"}).status_code == 200
    assert client.post("/api/v1/ask").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/embed/", "/embed/x", "/embed.js", "/embed.json", "//embed", "/cite/a", "/documents"]
)
def test_every_response_carries_the_policy_and_no_other_site_may_frame_it(path):
    headers = client_of(frame_ancestors=["https://school.example"]).get(path).headers
    policy = headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert policy.endswith("frame-ancestors 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_sites_of_the_settings_may_frame_the_page_that_is_made_for_it():
    policy = client_of(frame_ancestors=["https://a.example", "https://b.example"]).get("/embed?lang=de").headers

    assert policy["content-security-policy"].endswith("frame-ancestors 'self' https://a.example https://b.example")
    assert client_of().get("/embed").headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_other_sites_may_load_the_script_that_embeds_and_nothing_else():
    client = client_of()

    assert client.get("/embed.js").headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/", "/embed", "/site/site.js", "/speech/a.wav", "/api/v1/ask", "/embed.js/", "/embed.json"):
        assert client.get(path).headers["cross-origin-resource-policy"] == "same-origin"


def test_the_policy_lets_no_script_in_but_the_servers_files():
    script = next(part for part in content_security_policy(()).split("; ") if part.startswith("script-src"))

    assert script == "script-src 'self'"
    assert "http" not in content_security_policy(())


def test_websockets_are_closed():
    with pytest.raises(WebSocketDisconnect), client_of().websocket_connect("/ws"):
        pass
