"""Each template is compiled once, for environments with the same configuration."""

import pytest
from jinja2 import Environment, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from overture.template.jinja import compiled_once

pytestmark = pytest.mark.generic

TEXT = "{% if true %}\n{{ word }}\n{% endif %}\n"
LOOP = "{% for each in [1, 2] %}{{ each }}{% continue %}{% endfor %}"


def test_a_template_is_compiled_once() -> None:
    with compiled_once():
        codes = {id(SandboxedEnvironment().compile(TEXT)) for _ in range(3)}
    assert len(codes) == 1


def test_another_configuration_is_compiled_separately() -> None:
    with compiled_once():
        whole = Environment(keep_trailing_newline=True).from_string(TEXT)
        trimmed = Environment(trim_blocks=True).from_string(TEXT)
        assert whole.render(word="a") == "\na\n\n"
        assert trimmed.render(word="b") == "b\n"
        assert whole.render(word="c") == "\nc\n\n"
        extended = Environment(extensions=["jinja2.ext.loopcontrols"])
        assert extended.from_string(LOOP).render() == "12"
        with pytest.raises(TemplateSyntaxError, match="unknown tag 'continue'"):
            Environment().from_string(LOOP)


def test_jinja_is_restored_afterwards() -> None:
    before = Environment.compile
    with pytest.raises(RuntimeError), compiled_once():
        raise RuntimeError
    assert Environment.compile is before
