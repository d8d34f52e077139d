"""How long `ledgerkit --help` takes beside `python -c "import click"`: pairs in turn, whole processes, the median ratio."""

import statistics
import subprocess
import sys
import time

PAIRS = 21
HELP = [sys.executable, "-m", "ledgerkit", "--help"]
BASELINE = [sys.executable, "-c", "import click"]


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Prints the ratio of each pair's times: least, median, most."""
    seconds(HELP), seconds(BASELINE)
    ratios = [seconds(HELP) / seconds(BASELINE) for _ in range(PAIRS)]
    print(
        f"ledgerkit --help ÷ python -c 'import click': {min(ratios):.2f} … {statistics.median(ratios):.2f} … {max(ratios):.2f} ({PAIRS} pairs)"
    )


if __name__ == "__main__":
    main()
