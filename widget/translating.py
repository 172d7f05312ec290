"""Words of the templates in one language: fixed ones become part of the compiled template, others are looked up."""

from babel.support import NullTranslations
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_ASKING = ("_", "gettext")


class Words:
    """The messages of one language as templates want them: safe themselves, with what is put into them escaped."""

    def __init__(self, translations: NullTranslations) -> None:
        """`translations` is the language's catalogue."""
        self._translations = translations
        self._known: dict[str, Markup] = {}

    def gettext(self, message: str, /, **variables: object) -> Markup:
        """A message with its variables (`%(name)s`) filled in; `%%` is a per cent sign."""
        text = self._known.get(message)
        if text is None:
            text = self._known[message] = Markup(self._translations.gettext(message))  # noqa: S704  our own words
        return text % variables

    def ngettext(self, singular: str, plural: str, number: int, /, **variables: object) -> Markup:
        """The form of a message that goes with a number."""
        variables.setdefault("num", number)
        text = self._translations.ngettext(singular, plural, number)
        return Markup(text) % variables  # noqa: S704  our own words


class TranslatedEnvironment(Environment):
    """Templates of one language. What never changes is translated when a template is compiled, not when it is shown."""

    words: Words

    def speak(self, words: Words) -> None:
        """Use these words: before the first template is asked for."""
        self.words = words
        self.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.globals.update(gettext=words.gettext, ngettext=words.ngettext, _=words.gettext)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Translating(self.words).visit(template)
        return template


class _Translating(NodeTransformer):
    """Puts the words themselves where a template asks for a message without variables."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  jinja2 calls it by this name
        """`_("...")`, or what `{% trans %}` became."""
        self.generic_visit(node)
        message = _fixed(node)
        return node if message is None else nodes.Const(self._words.gettext(message), lineno=node.lineno)


def _fixed(call: nodes.Call) -> str | None:
    """The message of a call that asks for one and gives nothing else."""
    asks = isinstance(call.node, nodes.Name) and call.node.name in _ASKING
    if not asks or call.kwargs or call.dyn_args or call.dyn_kwargs or len(call.args) != 1:
        return None
    message = call.args[0]
    return str(message.value) if isinstance(message, nodes.Const) else None
