"""Every page of the product in its language, by the name of its state, for whoever wants to look at all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.screens.scenes import CAREFUL, OLD, OPEN, STRICT, Asked, clear_queue, next_email, session_cookie_of, written
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, Product
from widget.clock import DAY
from widget.comments.comment import LONGEST_BODY, State

FOREIGN_FORM = (
    '<!doctype html><html lang="en"><title>Trap</title><form method="post" action="{}"><button>Go</button></form>'
)
TOO_LARGE = 130_000
SESSION = "__Host-moderator"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with a language at the product, about an article that nobody else has."""

    page: Page
    product: Product
    path: str
    language: str

    def open(self, path: str) -> None:
        """Go to an address of the product."""
        self.page.set_extra_http_headers({"Accept-Language": self.language})
        self.page.goto(SNIPPET_WIDGET + path)

    def thread(self, site: str = OPEN, kind: str = "embed", **query: str) -> None:
        """Go to the article's thread."""
        query = {"url": SNIPPET_SITE + self.path, "lang": self.language, **query}
        self.open(f"/{kind}/{site}?{urlencode(query)}")

    def press(self, action: str, body: str) -> None:
        """Write a comment and press a button."""
        self.page.fill("#ta", body)
        self.page.fill("#write-name", "Ada")
        self.page.click(f"#write [value={action}]")

    def written(self, asked: Asked, site: str = OPEN) -> list[str]:
        """Comments below the article."""
        return written(self.product, self.path, asked, site)

    def signed_in(self) -> None:
        """A moderator at the queue."""
        cookie = session_cookie_of(self.product, next_email())
        self.page.context.add_cookies([{"name": SESSION, "value": cookie, "url": SNIPPET_WIDGET, "secure": True}])
        self.open("/admin/queue")
        self.page.wait_for_selector(".top")

    def waiting(self) -> list[str]:
        """Comments that wait, alone in the queue; the last is too long to be shown whole."""
        clear_queue(self.product)
        keys = self.written(Asked(1, 1, state=State.PENDING), CAREFUL)
        return keys + self.written(Asked(1, state=State.PENDING, words="A word. " * 200), CAREFUL)


def thread(visit: Visit) -> None:
    """Comments with answers as deep as they are indented."""
    visit.written(Asked(2, 3))
    visit.thread()


def alone(visit: Visit) -> None:
    """The same on its own page."""
    visit.written(Asked(2, 3))
    visit.thread(kind="thread")


def focused(visit: Visit) -> None:
    """A permalink to an answer."""
    key = visit.written(Asked(1, 2))[1]
    visit.thread(kind="thread", focus=key)


def reply(visit: Visit) -> None:
    """The form below a comment."""
    visit.thread(reply=visit.written(Asked(2, 1))[1])


def faults(visit: Visit) -> None:
    """A text that is too long."""
    visit.thread()
    visit.press("post", "word " * (LONGEST_BODY // 5 + 1))
    visit.page.wait_for_selector("#ta[aria-invalid]")


def preview(visit: Visit) -> None:
    """A comment before it is posted, with all that Markdown can do."""
    visit.thread()
    visit.press(
        "preview", "*a* **b** `c`\n\n> quote\n\n- list\n\n```\ncode\n```\n\n<https://site.example/a-long-address>"
    )
    visit.page.wait_for_selector(".preview")


def private(visit: Visit) -> None:
    """One's own comment, waiting."""
    visit.thread(CAREFUL)
    visit.press("post", f"Waiting at {visit.path}")
    visit.page.wait_for_selector(".comment--own")


def editing(visit: Visit) -> None:
    """The form in its place."""
    private(visit)
    visit.page.click(".comment--own .acts a")
    visit.page.wait_for_selector("#edit")


def mine(visit: Visit) -> None:
    """The page behind the private link."""
    private(visit)
    visit.open(str(visit.page.get_attribute(".private", "href")))


def closed(visit: Visit) -> None:
    """A thread that takes no more."""
    visit.written(Asked(2, 1, age=3 * DAY), OLD)
    visit.thread(OLD)


def lost_form(visit: Visit) -> None:
    """A form that comes from nowhere."""
    visit.thread()
    visit.page.evaluate("document.querySelector('#write [name=token]').value = 'x'")
    visit.press("post", "Keep this")
    visit.page.wait_for_selector("textarea[readonly]")


def foreign_form(visit: Visit) -> None:
    """A form of another site."""
    private(visit)
    address = str(visit.page.get_attribute(".private", "href"))
    visit.page.route("https://other.example/", lambda route: route.fulfill(
        body=FOREIGN_FORM.format(SNIPPET_WIDGET + address), content_type="text/html"))  # fmt: skip
    visit.page.goto("https://other.example/")
    visit.page.click("button")
    visit.page.wait_for_selector(".problem")


def too_large(visit: Visit) -> None:
    """A text that isn't even read."""
    visit.thread()
    visit.press("post", "x" * TOO_LARGE)
    visit.page.wait_for_selector(".problem")


def unreadable(visit: Visit) -> None:
    """A form in an encoding that we don't speak."""
    visit.thread()
    visit.page.evaluate("document.querySelector('#write').enctype = 'text/plain'")
    visit.press("post", "Keep this")
    visit.page.wait_for_selector(".problem")


def refused_sign_in(visit: Visit) -> None:
    """A wrong password."""
    visit.open("/admin/sign-in")
    visit.page.fill("#email", f"nobody-{visit.language}@example.org")
    visit.page.fill("#password", "wrong")
    visit.page.click("#sign-in button")
    visit.page.wait_for_selector("#fault")


def queue(visit: Visit) -> None:
    """Comments that wait."""
    visit.waiting()
    visit.signed_in()


def one_waits(visit: Visit) -> None:
    """One comment that waits."""
    clear_queue(visit.product)
    visit.written(Asked(1, state=State.PENDING), CAREFUL)
    visit.signed_in()


def many_wait(visit: Visit) -> None:
    """A page of the queue that is full, and leads to the next."""
    clear_queue(visit.product)
    visit.written(Asked(30, 1, state=State.PENDING), CAREFUL)
    visit.signed_in()


def decided(visit: Visit) -> None:
    """After a decision on nothing: the notice."""
    queue(visit)
    visit.page.click(".bulk [value=approve]")
    visit.page.wait_for_selector("#notice")


def empty_queue(visit: Visit) -> None:
    """Nothing waits."""
    clear_queue(visit.product)
    visit.signed_in()


def comment(visit: Visit) -> None:
    """A comment's own page, with a decision."""
    key = visit.waiting()[1]
    visit.signed_in()
    visit.open(f"/admin/comment/{key}")
    visit.page.fill("#reason", "Too short")
    visit.page.click("#decide [value=approve]")
    visit.page.wait_for_selector(".log")


def triage(visit: Visit) -> None:
    """One comment a page, after a decision on the one before."""
    visit.waiting()
    visit.signed_in()
    visit.open("/admin/triage")
    visit.page.click("#decide [value=approve]")
    visit.page.wait_for_selector("#undo")


def everything(visit: Visit) -> None:
    """What a filter finds, before it is decided on."""
    visit.waiting()
    visit.signed_in()
    visit.open("/admin/everything")


def log(visit: Visit) -> None:
    """The log with a few entries, one of them open."""
    comment(visit)
    visit.open("/admin/log")
    visit.page.click(".entry__proof summary")


def working(visit: Visit) -> None:
    """How to work the queue, and the moderator's own choice."""
    visit.signed_in()
    visit.open("/admin/help")


STATES: dict[str, Callable[[Visit], None]] = {
    "thread": thread,
    "empty": lambda visit: visit.thread(),
    "alone": alone,
    "focused": focused,
    "reply": reply,
    "faults": faults,
    "preview": preview,
    "private": private,
    "editing": editing,
    "mine": mine,
    "closed": closed,
    "unknown-site": lambda visit: visit.thread("nobody"),
    "malformed-address": lambda visit: visit.thread(url="article"),
    "foreign-origin": lambda visit: visit.thread(url="https://other.example/article"),
    "bad-signature": lambda visit: visit.thread(STRICT),
    "lost-form": lost_form,
    "foreign-form": foreign_form,
    "too-large": too_large,
    "unreadable": unreadable,
    "nothing-here": lambda visit: visit.open("/nothing-here"),
    "not-that-way": lambda visit: visit.open("/comments"),
    "sign-in": lambda visit: visit.open("/admin/sign-in"),
    "refused-sign-in": refused_sign_in,
    "queue": queue,
    "one-waits": one_waits,
    "many-wait": many_wait,
    "decided": decided,
    "empty-queue": empty_queue,
    "comment": comment,
    "triage": triage,
    "everything": everything,
    "log": log,
    "help": working,
    "demo": lambda visit: visit.open("/demo/"),
}
