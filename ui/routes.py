"""Routes that own their path: GET answers HEAD too, OPTIONS is answered, and every other method is an error."""

from __future__ import annotations

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send


class ApiRoute(APIRoute):
    """A route of the HTTP interface; no two have one path.

    FastAPI's own leaves HEAD and OPTIONS to nobody, and lets a later catch-all take the methods it does not know.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match by the path alone."""
        match, child_scope = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), child_scope

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the methods that the route does not declare itself."""
        method, declared = scope["method"], self.methods or set()
        allowed = {"Allow": ", ".join(sorted(declared | {"OPTIONS"} | ({"HEAD"} if "GET" in declared else set())))}
        if method == "OPTIONS":
            await Response(status_code=204, headers=allowed)(scope, receive, send)
        elif method == "HEAD" and "GET" in declared:
            await super().handle({**scope, "method": "GET"}, receive, send)  # the server leaves out the body
        elif method not in declared:
            raise HTTPException(405, headers=allowed)
        else:
            await super().handle(scope, receive, send)


class Missing:
    """Takes every path under a prefix that no route before it took, lest another application answers there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer that nothing stands there."""
        raise HTTPException(404)
