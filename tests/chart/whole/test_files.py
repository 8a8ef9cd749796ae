"""What is made from the code is what the code would make today."""

from pathlib import Path

import pytest

from scripts import chart_docs, route_files

MADE = route_files.files() | chart_docs.files()


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_a_made_file_is_up_to_date(path: Path) -> None:
    assert path.read_text() == MADE[path], "run python -m scripts.route_files and python -m scripts.chart_docs"


def test_a_value_without_a_sentence_is_not_taken() -> None:
    with pytest.raises(ValueError, match=r"a\.b has no sentence"):
        list(chart_docs.values("# One.\na:\n  b: 1\n"))


def test_every_value_is_read_by_a_template() -> None:
    templates = "\n".join(file.read_text() for file in (chart_docs.CHART / "templates").rglob("*.*"))
    templates += (chart_docs.CHART / "files/nginx.conf").read_text()
    for value in chart_docs.values((chart_docs.CHART / "values.yaml").read_text()):
        assert f".{value.path[-1]}" in templates or value.path[0] == "engines", ".".join(value.path)
