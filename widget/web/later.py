"""Addresses whose modules are loaded when the first is asked for: a process that only serves readers never does."""

from importlib import import_module

from anyio import to_thread
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Route, Router
from starlette.types import Receive, Scope, Send


class Later(BaseRoute):
    """All addresses below a prefix, in the list ROUTES of a module."""

    def __init__(self, prefix: str, module: str) -> None:
        """`prefix` without a slash at its end; `module` by its full name."""
        self._prefix = prefix
        self._module = module
        self._router: Router | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for one of these addresses, or for none that exists below the prefix."""
        path = scope.get("path", "") if scope["type"] == "http" else ""
        ours = path == self._prefix or path.startswith(f"{self._prefix}/")
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it; other requests are served while the modules are loaded."""
        if self._router is None:
            self._router = Router(await to_thread.run_sync(self.routes))
        await self._router(scope, receive, send)

    def routes(self) -> list[Route]:
        """The addresses."""
        found: list[Route] = import_module(self._module).ROUTES
        return found

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Nothing here is called by a name."""
        raise NoMatchFound(name, dict(path_params))
