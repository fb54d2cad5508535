"""The sizes that ``simastra bandwidth`` takes, up to their borders."""

from pathlib import Path

import pytest
from command_line import Inputs

from simastra.cli import main

LARGEST = 2**63 - 1
_FINE = "no.json: file not found"
_TOO_MANY = "--stepbytes: makes more than 10000 sizes; give a larger one"


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, with two NPUs, as the current one."""
    ring.network(2)
    monkeypatch.chdir(ring.folder)
    return ring.folder


def bandwidth(*words: str, system: str = "sys.json") -> int:
    return main(["bandwidth", "all-reduce", f"--system={system}", "--network=net.yml", *words])


@pytest.mark.parametrize(
    ("word", "size"),
    [
        ("8", 8),
        ("0064", 64),
        ("0" * 30 + "8B", 8),
        ("9iB", 9),
        ("3k", 3 * 1024),
        ("3KB", 3 * 1024),
        (" 3 KiB ", 3 * 1024),
        ("5M", 5 * 1024**2),
        ("2GiB", 2 * 1024**3),
        ("1.5K", 1536),
        ("1e3", 1000),
        ("999999999999999", 10**15 - 1),
    ],
)
def test_a_size_has_a_unit_or_none(
    word: str, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bandwidth("-b", word, "-e", word) == 0
    (line,) = (it for it in capsys.readouterr().out.splitlines() if not it.startswith("#"))
    shown, *rest = line.split()
    assert (int(shown), len(rest)) == (size, 3)  # columns that are too narrow don't touch


@pytest.mark.parametrize("word", ["", "K", "8T", "8KK", "8 8", "٣", "1e9999", "8Kbit"])
def test_what_is_no_size_is_refused(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert bandwidth("-e", word) == 2
    assert capsys.readouterr().err == (
        "simastra: -e/--maxbytes: must be a size such as 8, 32K or 128M (2^27 bytes), "
        f"not {word!r}\n"
    )


@pytest.mark.parametrize(
    "word", [f"{LARGEST + 1}", "8589934592G", "9" * 19, "99999999999999999G", "9" * 20 + "B"]
)
def test_a_size_that_no_number_holds_is_told_to_be_too_large(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bandwidth("-e", word) == 2
    assert capsys.readouterr().err == (
        f"simastra: -e/--maxbytes: must be at most 2^63 - 1 bytes, 8 EiB, not {word!r}\n"
    )


@pytest.mark.parametrize(
    ("word", "wrong"),
    [("0.5", "must be a whole number of bytes, not '0.5'"), ("-1", "must be 0 or more, not '-1'")],
)
def test_bytes_are_whole_and_not_negative(
    word: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bandwidth("-e", word) == 2
    assert capsys.readouterr().err == f"simastra: -e/--maxbytes: {wrong}\n"


def test_a_size_of_thousands_of_digits_is_told_in_short(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bandwidth("-e", "9" * 9999 + "G") == 2
    error = capsys.readouterr().err
    assert error.startswith("simastra: -e/--maxbytes: must be a size such as 8, 32K or 128M")
    assert len(error) < 200


@pytest.mark.parametrize("word", [f"{LARGEST}", "8589934591G"])
def test_the_largest_size_is_one(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert bandwidth("-b", word, "-e", "8") == 2
    assert "--maxbytes: is 8, less than --minbytes, 92233720" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-b", "1", "-e", "10000", "-i", "1"), _FINE),
        (("-b", "1", "-e", "10001", "-i", "1"), _TOO_MANY),
        (("-b", "1", "-e", "20000", "-i", "2"), _FINE),
        (("-b", "1", "-e", "20001", "-i", "2"), _TOO_MANY),
        (("-b", "50001", "-e", "60000", "-i", "1"), _FINE),
        (("-b", "8", "-e", "8", "-i", "0"), _TOO_MANY),
    ],
)
def test_steps_make_ten_thousand_sizes_at_most(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # What the system file says is looked at after the sizes.
    assert bandwidth(*words, system="no.json") == 2
    assert capsys.readouterr().err.startswith(f"simastra: {message}")


def test_who_names_no_sizes_gets_those_of_nccl_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert bandwidth() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines if line[0] != "#"] == [
        2**power for power in range(3, 28)
    ]


def test_options_reach_the_simulation(capsys: pytest.CaptureFixture[str]) -> None:
    times = []
    for more in ((), ("--rendezvous-protocol",)):
        assert bandwidth("-b", "1M", "-e", "1M", *more) == 0
        times.append(float(capsys.readouterr().out.splitlines()[3].split()[1]))
    plain, with_handshakes = times
    assert plain < with_handshakes
