"""Is plan.yml read exactly, and is every mistake in it told in one sentence?"""

from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.plan import load_plan, read_plan


def write(folder: Path, text: str) -> Path:
    path = folder / "plan.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_company_alone_is_enough_and_defaults_are_the_stated_ones(tmp_path):
    plan = load_plan(write(tmp_path, "company: 示例公司\n"))
    assert (plan.company, plan.currency, plan.fiscal_year_starts, plan.hours_per_day) == (
        "示例公司",
        "CNY",
        1,
        7,
    )
    assert (plan.tiers.strategic.top_share, plan.tiers.core.revenue_share) == (0.05, 0.80)
    assert (
        plan.tiers.strategic.contact_days,
        plan.tiers.core.contact_days,
        plan.tiers.potential.contact_days,
    ) == (14, 30, 60)
    assert plan.tiers.strategic.hours_per_month is None
    assert plan.intake.max_rejected == 0.05


def test_numbers_with_underscores_months_and_tiers(tmp_path):
    plan = load_plan(
        write(
            tmp_path,
            "company: A\ntargets: {2026: {amount: 1_000_000_000, fixed: {2026-02: 40_000_000}}}\n"
            "commission: {tiers: [{from: 0, rate: 0.01}, {from: 1.0, rate: 0.02}]}\n",
        )
    )
    assert plan.targets[2026].fixed == {"2026-02": 40_000_000}
    assert plan.commission is not None
    assert [tier.start for tier in plan.commission.tiers] == [0, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no settings"),
        ("- a\n", "holds no settings"),
        ("currency: CNY\n", "the setting company is missing"),
        ("company: A\ncurency: EUR\n", "did you mean currency"),
        (
            "company: A\ntiers: {core: {revenue_shares: 0.8}}\n",
            "tiers.core.revenue_shares does not exist; did you mean revenue_share",
        ),
        (
            "company: A\ntargets: {2026: {amount: lots}}\n",
            "targets.2026.amount is “lots”, but must be a number",
        ),
        ("company: A\nprice_floors: {Valves: 1.8}\n", "price_floors.Valves is 1.8"),
        (
            "company: A\nsprints: [{name: S, start: 2026-10-31, end: 2026-10-01, target: 1}]\n",
            "before it starts",
        ),
        ("company: A\ncompany: B\n", "the key company stands twice"),
        ("company: [A\n", "cannot be read as YAML at line"),
        ("company: &a A\ncurrency: *a\n", "anchors (&) and aliases (*) are not read"),
        ("company: !!python/object/apply:os.system [ls]\n", "cannot be read as YAML"),
        ("company: A\nsource: {url_env: 'postgres://user:secret@host/db'}\n", "source.url_env"),
        ("[" * 3000 + "]" * 3000, "cannot be read as YAML"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_missing_file_says_what_to_write(tmp_path):
    with pytest.raises(InputError, match="at least the line company"):
        load_plan(tmp_path / "plan.yml")


def test_another_encoding_names_the_byte(tmp_path):
    path = tmp_path / "plan.yml"
    path.write_bytes("company: 公司".encode("gb18030"))
    with pytest.raises(InputError, match="byte 10"):
        load_plan(path)


def test_a_plan_does_not_change():
    plan = read_plan({"company": "A"}, path=Path("plan.yml"))
    with pytest.raises(ValueError, match="frozen"):
        plan.company = "B"


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("currency: RMB", "write CNY"),
        ("currency: 人民币", "write CNY"),
        ("currency: euro", "write EUR"),
        ("country: China", "write CN"),
        ("language: 中文", "write zh"),
        ("price_floors: {Valves: 18%}", "write 0.18"),
        ("price_floors: {Valves: 18}", "write 0.18"),
        ("targets: {2026: {amount: 10亿}}", "write 1_000_000_000"),
        ("targets: {2026: {amount: '5,000万'}}", "write 50_000_000"),
        ("targets: {2026: {amount: 1.2bn}}", "write 1_200_000_000"),
        ("targets: {FY27: {amount: 1}}", "write 2027"),
        ("targets: {2026: {amount: 1, fixed: {2026年2月: 1}}}", "write 2026-02"),
        ("fiscal_year_starts: July", "write 7"),
        ("tiers: {core: {contact_days: 30 days}}", "write 30"),
        ("required_fields: {quote: competitor}", "write [competitor]"),
        ("sprints: [{name: S, start: 2026/10/01, end: 2026-10-31, target: 1}]", "write 2026-10-01"),
        ("commission: {basis: Margin, tiers: [{from: 0, rate: 0.01}]}", "write margin"),
    ],
)
def test_a_mistake_whose_cure_is_known_is_offered(tmp_path, text, cure):
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, f"company: A\n{text}\n"))
    assert str(caught.value).endswith(cure)


@pytest.mark.parametrize(
    "text", ["targets: {2026: {amount: lots}}", "price_floors: {Valves: 1.8}", "price_floors: {Valves: 180%}"]
)
def test_no_cure_is_offered_that_the_place_would_not_take(tmp_path, text):
    with pytest.raises(InputError, match=r"correct it$"):
        load_plan(write(tmp_path, f"company: A\n{text}\n"))


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    text = (
        "compny: A\ncurrency: RMB\nprice_floors: {Valves: 18%, Pumps: 2}\ntargets: {2026: {amount: lots}}\n"
    )
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, text))
    lines = str(caught.value).splitlines()
    assert [line.split(": ", 1)[0] for line in lines] == [str(tmp_path / "plan.yml")] * 5
    for line, said in zip(lines, ["compny", "CNY", "amount is “lots”", "0.18", "0.02"], strict=True):
        assert said in line


def test_of_many_mistakes_ten_are_told(tmp_path):
    floors = ", ".join(f"L{number}: {number}%" for number in range(30))
    with pytest.raises(InputError) as caught:
        load_plan(write(tmp_path, f"company: A\nprice_floors: {{{floors}}}\n"))
    assert len(str(caught.value).splitlines()) == 11
    assert "20 more mistakes" in str(caught.value)
