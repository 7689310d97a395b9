"""The pages' style, in the HTML that the browser gets first: after what a script sends, the page would move."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.frontend import text_of

STYLE = f"<style>{text_of('tokens.css', 'term.css', 'head/page.css')}</style>".encode()
CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
NAMES_A_FILE = (b"etag", b"last-modified", b"content-length")


class Frame:
    """Middleware: puts the style at the end of the head of every HTML page, plain and whole each time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepts = dict(scope.get("headers", [])).get(b"accept", b"")
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in accepts:
            return await self.app(scope, receive, send)
        headers = [(name, value) for name, value in scope["headers"] if name not in CONDITIONS]
        start: Message | None = None
        body = b""

        async def framed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                if b"text/html" in dict(message["headers"]).get(b"content-type", b""):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = body.replace(b"</head>", STYLE + b"</head>", 1)
                kept = [(name, value) for name, value in start["headers"] if name not in NAMES_A_FILE]
                await send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app({**scope, "headers": headers}, receive, framed)
