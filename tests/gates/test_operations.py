"""docs/operations.md, in both languages, says of metrics and alerts what examples/scale has."""

import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "scale" / "prometheus"
LANGUAGES = pytest.mark.parametrize(
    "page", [ROOT / "docs" / "operations.md", ROOT / "docs" / "zh" / "operations.md"], ids=("English", "Chinese")
)


def alerts():
    (group,) = yaml.safe_load((EXAMPLES / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def blocks(page):
    return [re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"(?:^    .*\n)+", page.read_text(), re.M)]


@LANGUAGES
def test_the_alerts_are_those_of_the_example(page):
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page.read_text(), re.MULTILINE))
    assert list(rows) == list(alerts())
    for name, expression in alerts().items():
        (metric,) = re.findall(r"`(imqtt_\w+)`", rows[name])
        assert metric in expression


@LANGUAGES
def test_the_scrape_is_that_of_the_example(page):
    (text,) = [block for block in blocks(page) if block.startswith("scrape_configs:")]
    example = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())
    assert yaml.safe_load(text)["scrape_configs"] == example["scrape_configs"]


def test_every_alert_asks_for_a_metric_that_there_is():
    known = re.findall(r"`(imqtt_\w+)`", (ROOT / "docs" / "reference.md").read_text())
    for name, expression in alerts().items():
        asked = {re.sub(r"_bucket$", "", word) for word in re.findall(r"imqtt_\w+", expression)}
        assert asked and asked <= set(known), name
