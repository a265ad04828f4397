"""Whatever stands in the files: it is read, quarantined or refused in one sentence, and no row is lost."""

import csv
import datetime as dt
import io

import duckdb
import openpyxl
import pytest
from babel.dates import format_date
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from salesnb.errors import InputError
from salesnb.intake import quarantine, snapshot
from salesnb.intake.contents import fetch_all, read_contents
from salesnb.intake.reading import dates, numbers, sources, staging
from salesnb.intake.reading.delimited import read_records
from salesnb.intake.schema import TABLES

AWKWARD = [
    *(
        "",
        " ",
        "A1",
        "a1",
        "1",
        "0",
        "-1",
        "1,200",
        "$1,200 ",
        "（1,200）",
        "1.2万",
        "12%",
        "1e309",
        "nan",
        "∞",
        "１２",
    ),
    *(
        "2026-10-31",
        "31/10/2026",
        "10/31/2026",
        "3/4/26",
        "2026年10月3日",
        "45000",
        "99999999",
        "2026-02-30",
        "0000-00-00",
    ),
    *(
        "won",
        "LOST",
        "open",
        "赢单",
        "yes",
        "否",
        "a,b",
        'say "x"',
        "line\nbreak",
        "\t",
        "é",
        "😀",
        "'; DROP TABLE orders; --",
        "{n}",
    ),
]
cells = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=8))
limits = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def snapshot_of(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text("company: X\nintake: {max_rejected: 1}\n", encoding="utf-8")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    target = folder.with_name(f"{folder.name}.duckdb")  # a file within would change what is read
    snapshot.write_snapshot(folder, target)
    return target


def read_or_refusal(folder, contents):
    """The snapshot, or the one sentence with which the workspace is refused; any other exception escapes."""
    try:
        return snapshot_of(folder, contents), ""
    except InputError as refused:
        return None, str(refused)


def as_csv(rows, encoding):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def as_workbook(rows):
    """The texts as a workbook's texts, without the characters that its XML cannot hold."""
    book = openpyxl.Workbook()
    for place, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = book.active.cell(place, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "ignore").decode()
            cell.data_type = "s"  # what begins with = is a text here, too
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMS = {
    "csv": lambda rows: as_csv(rows, "utf-8"),
    "with a mark, csv": lambda rows: as_csv(rows, "utf-8-sig"),
    "Chinese, csv": lambda rows: as_csv(rows, "gb18030"),
    "xlsx": as_workbook,
}


@settings(limits, max_examples=60)
@given(
    data=st.data(),
    table=st.sampled_from(["orders", "opportunities", "invoices"]),
    form=st.sampled_from(list(FORMS)),
)
def test_any_table_of_strings_is_kept_or_rejected_row_by_row(tmp_path_factory, data, table, form):
    columns = TABLES[table].names
    rows = data.draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=6))
    path, refusal = read_or_refusal(
        tmp_path_factory.mktemp("w"), {f"{table}.{form.split()[-1]}": FORMS[form]([columns, *rows])}
    )
    if path is None:
        assert refusal
        assert "\n" not in refusal.strip()
        return
    contents = read_contents(path)
    read, kept = contents.counts[table]
    rejected = quarantine.rejected_rows(path, table, contents.headings[table])
    if form == "xlsx":
        rows = [[ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row] for row in rows]
    assert read == sum(1 for row in rows if any(cell.strip() for cell in row))
    assert kept + len(rejected) == read
    assert all(str(why) for why in rejected["reason"])


@limits
@given(
    content=st.one_of(st.binary(max_size=200), st.text(alphabet='ab,"\n\r;\t ', max_size=60).map(str.encode))
)
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    heading = b"order_id,account_id,ordered_on,net_amount\n"
    path, refusal = read_or_refusal(tmp_path_factory.mktemp("w"), {"orders.csv": heading + content})
    if path is None:
        assert refusal
        assert "\n" not in refusal.strip()
        return
    read, kept = read_contents(path).counts["orders"]
    assert 0 <= kept <= read


@limits
@given(content=st.binary(max_size=120), form=st.sampled_from(["csv", "csv.gz", "parquet", "xlsx", "sql"]))
def test_any_file_of_any_form_is_read_or_refused(tmp_path_factory, content, form):
    path, refusal = read_or_refusal(tmp_path_factory.mktemp("w"), {f"orders.{form}": content})
    if path is None:
        assert refusal
        assert "\n" not in refusal.strip()
        return
    assert path.is_file()


@given(
    rows=st.lists(
        st.lists(st.text(alphabet='ab "\n,', max_size=5), min_size=2, max_size=2), min_size=1, max_size=8
    )
)
def test_what_a_csv_writer_wrote_is_read_back(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["h", "i"], *rows])
    _, records = read_records(text.getvalue(), name="x.csv")
    found = [record.cells for record in records if record.fault is None]
    fitting = [row for row in rows if any(cell.strip() for cell in row)]
    assert found == [[cell or None for cell in row] for row in fitting]


@limits
@example(rows=[["", "", "", "a"], ["a", "", "", ""]])
@given(
    rows=st.lists(
        st.lists(st.text(alphabet='ab "\n,', max_size=5), min_size=4, max_size=4), min_size=1, max_size=8
    )
)
def test_the_engine_and_the_record_reader_agree(tmp_path_factory, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [["order_id", "account_id", "ordered_on", "net_amount"], *rows]
    )
    folder = tmp_path_factory.mktemp("w")
    (folder / "orders.csv").write_text(text.getvalue(), encoding="utf-8")
    connection = duckdb.connect()
    source = sources.find_sources(folder)["orders"]
    staging.stage(
        source,
        into="engine",
        connection=connection,
        workspace=folder,
        folders=[],
        scratch=folder,
        chinese=False,
    )
    headings, records = read_records(text.getvalue(), name="orders.csv")
    staging._stage_records(headings, list(records), "reader", connection)
    list(staging._without_footer(source, "reader", len(headings), connection))  # whoever read the lines
    cells = ", ".join(f"coalesce(c{place}, '')" for place in range(4))
    engine, reader = (
        connection.execute(f"SELECT source_row, {cells} FROM {each}").fetchall()
        for each in ("engine", "reader")
    )
    assert engine == reader


@pytest.mark.parametrize("value", AWKWARD)
def test_awkward_values_never_escape_as_another_error(tmp_path, value):
    columns = TABLES["opportunities"].names
    text = io.StringIO()
    csv.writer(text).writerows([columns, [value] * len(columns)])
    path, refusal = read_or_refusal(tmp_path / "w", {"opportunities.csv": text.getvalue().encode()})
    if path is None:
        assert refusal
        assert "\n" not in refusal.strip()
        return
    read, kept = read_contents(path).counts["opportunities"]
    assert (read, kept) == (1 if value.strip() else 0, 0)


CENTS = st.integers(-99_999_999_999, 99_999_999_999)
SIGNED = ("-{}", "({})", "{}-", "−{}", "- {}")
MONEY = ("{}", "${}", "{} €", "CHF {}", "EUR {}", "¥{}元", "R$ {}", "{} kr", "US$ {}", " {} ", "'{}")


def grouped(cents, sign, point):
    whole, rest = divmod(abs(cents), 100)
    return f"{whole:,}".replace(",", sign) + f"{point}{rest:02d}"


@given(
    cents=CENTS,
    form=st.sampled_from(MONEY),
    minus=st.sampled_from(SIGNED),
    signs=st.sampled_from([(",", "."), ("", "."), ("'", "."), (" ", "."), (".", ","), ("", ","), (" ", ",")]),
    inside=st.booleans(),
)
def test_an_amount_is_the_same_however_it_is_written(cents, form, minus, signs, inside):
    bare = grouped(cents, *signs)
    negative = minus if cents < 0 else "{}"
    text = form.format(negative.format(bare)) if inside else negative.format(form.format(bare))
    found = numbers.number(text, decimal_comma=signs[1] == ",", money=True)
    if form == "'{}" and cents < 0 and not inside:
        return  # nobody writes a sign before the mark of a text
    assert found is not None
    assert found[0] == cents / 100


@given(
    amount=st.integers(-999_999, 999_999),
    scale=st.sampled_from(
        [
            ("k", 1e3),
            ("M", 1e6),
            ("Mio. €", 1e6),
            ("bn", 1e9),
            ("万", 1e4),
            ("万元", 1e4),
            ("亿", 1e8),
            ("w", 1e4),
        ]
    ),
)
def test_an_amount_in_thousands_or_millions_is_whole(amount, scale):
    word, factor = scale
    found = numbers.number(f"{amount / 100:.2f}{word}", money=True)
    assert found is not None
    assert found[0] == pytest.approx(amount / 100 * factor, rel=1e-12)


LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "cs", "tr", "ru", "el", "fi", "hu")


@given(
    day=st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)),
    language=st.sampled_from(LANGUAGES),
    width=st.sampled_from(["full", "long", "medium"]),
    clock=st.sampled_from(["", " 00:02:00", ", 23:59", " 12:02 AM"]),
    capitals=st.booleans(),
)
def test_a_day_is_the_same_in_every_language(day, language, width, clock, capitals):
    text = format_date(day, format=width, locale=language)
    text = (text.upper() if capitals and language not in ("tr", "el") else text) + clock
    days = dates.read_days([text])
    if days.question is None:  # a medium form may be all numbers, whose order is the column's
        assert days.found == {text: day}
    assert dates.read_days([text], order="dmy").found.get(text, day) == day


@given(
    day=st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)),
    form=st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y/%m/%d %H:%M",
            "%Y.%m.%d",
            "%Y%m%d",
            "%Y年%m月%d日",
            "%d-%b-%Y",
            "%d %B %Y",
            "%b %d, %Y",
            "%Y-%m-%dT%H:%M:%SZ",
            "%a %b %d %H:%M:%S %Y",
        ]
    ),
)
def test_a_day_is_the_same_in_every_system(day, form):
    text = day.strftime(form)
    assert dates.read_days([text]).found == {text: day}
    serial = str((day - dates.DAY_ZERO).days)
    assert dates.read_days([serial]).found == {serial: day}


AMOUNTS = st.integers(-99_999_999, 99_999_999).map(lambda cents: cents / 100)
WRITTEN = st.sampled_from(
    [
        lambda amount: f"{amount}",
        lambda amount: f"{amount:,.2f}",
        lambda amount: f"({-amount:,.2f})" if amount < 0 else f"¥{amount:,.2f}",
        lambda amount: f"CNY {amount:.2f}",
        lambda amount: f"{amount:.2f}元",
        lambda amount: f"{amount / 10_000:.6f}万",
    ]
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "", "n/a"]),
        st.sampled_from(["2026-10-01", "1 Oct 2026", "2026年10月1日", "soon", "3月5日", ""]),
        AMOUNTS,
        WRITTEN,
        st.sampled_from(["", "CNY", "人民币", "USD", "US Dollar"]),
    ),
    min_size=1,
    max_size=12,
)
RATE = 7.25


@limits
@given(lines=LINES, total=st.booleans(), footer=st.booleans(), rated=st.booleans())
def test_what_was_kept_and_what_was_left_out_are_the_files_money(
    tmp_path_factory, lines, total, footer, rated
):
    codes = [code if rated else "" for *_, code in lines]
    rows = [
        [order, day, "$" + f"{amount:.2f}" if code.startswith("US") else as_text(amount), code]
        for (order, day, amount, as_text, _), code in zip(lines, codes, strict=True)
    ]
    worth = [
        amount * (RATE if code.startswith("US") else 1)
        for (_, _, amount, *_), code in zip(lines, codes, strict=True)
    ]
    rows += [["Total", "", f"{sum(amount for _, _, amount, *_ in lines):.2f}", ""]] if total else []
    rows += [["Printed on 31 October", "", "", ""]] if footer else []
    files = {"orders.csv": as_csv([["order_id", "ordered_on", "net_amount", "currency"], *rows], "utf-8")}
    if rated:
        files["rates.csv"] = f"currency,valid_from,rate\nUSD,2020-01-01,{RATE}\n".encode()
    path = snapshot_of(tmp_path_factory.mktemp("w"), files)
    found = read_contents(path)
    read, kept = found.counts["orders"]
    ((money, rejected),) = fetch_all(
        path,
        "SELECT (SELECT coalesce(sum(net_amount), 0) FROM orders), (SELECT count(*) FROM rejected.orders)",
    )
    left_out, without = found.left_out["orders"]
    assert (read, without) == (len(lines), 0)
    assert rejected == read - kept
    assert money + left_out == pytest.approx(sum(worth), abs=1e-6)
    assert sum(found.by_reason["orders"].values()) == pytest.approx(left_out, abs=1e-6)
