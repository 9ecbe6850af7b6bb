#!/usr/bin/env python3
"""Veedor's reading of documents beside calamine and pdftotext, in one run: workbooks a CPU-second, CPU of all PDFs, a worker's memory.

    python3 -m venv target/bench && target/bench/bin/pip install python-calamine
    apt-get install poppler-utils
    cargo build --release --bin veedor --example read
    target/bench/bin/python benches/documents.py [SHARED] [ROUNDS]

SHARED holds the portals (`$VEEDOR_SHARED`, else ../shared). CPU time (user and system) is the kernel's, of a finished process and of
all the processes that it started and waited for; peak memory is that of the largest of them. Of ROUNDS (3) the best counts.

1. The workbooks of one portal, read in worker processes, recognised and checked by `veedor lint`, whole: start, rules and report
   included. Beside it calamine alone (its Python binding): each opened, every sheet to rows; its interpreter's start is left out.
2. The text of every PDF of the portals, by `read`, in a worker; beside it `pdftotext`, once a file as one uses it. What mere starting
   of pdftotext costs is told."""
import os, shutil, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared"))
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
VEEDOR, READ = ROOT / "target/release/veedor", ROOT / "target/release/examples/read"
LIMIT = 512

def measured(command, good=(0,)):
    """CPU seconds, peak MiB, and what it says."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good: sys.exit(f"{command[0]} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said

def best(*runs):
    """The least CPU of each of several things, taken in turns, and the highest peak."""
    found = [run() for run in runs]
    for _ in range(ROUNDS - 1):
        for n, run in enumerate(runs):
            seconds, peak, said = run()
            found[n] = min(found[n][0], seconds), max(found[n][1], peak), said
    return found

CALAMINE = """
import sys, time
from python_calamine import CalamineWorkbook
start = time.process_time()
for path in sys.argv[1:]:
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names: book.get_sheet_by_name(name).to_python()
print(time.process_time() - start)
"""

def calamine(books):
    _, peak, said = measured([sys.executable, "-c", CALAMINE, *books])
    return float(said), peak, b""

def workbooks():
    folders = sorted((SHARED / "portals").iterdir())
    by_folder = {folder: sorted(folder.rglob("*.xlsx")) for folder in folders if folder.is_dir()}
    books = max(by_folder.values(), key=len)
    lint = [VEEDOR, "lint", "--format", "json", "--on", "2026-11-01", *books]
    (own, peak, _), (peer, _, _) = best(lambda: measured(lint, (0, 1)), lambda: calamine(books))
    print(f"veedor lint, isolated    {len(books)} workbooks  {len(books) / own:7.0f} a CPU-s  peak of a process {peak:.0f} MiB")
    print(f"calamine alone           {len(books)} workbooks  {len(books) / peer:7.0f} a CPU-s")
    print(f"ratio                    {peer / own:.2f} (at least 0.50)")
    return peak

def poppler(pdfs):
    seconds = 0
    for pdf in pdfs: seconds += measured(["pdftotext", "-q", pdf, "-"], range(100))[0]
    return seconds, 0, b""

def pdfs():
    files = sorted((SHARED / "portals").rglob("*.pdf"))
    (own, peak, said), (peer, _, _) = best(lambda: measured([READ, "--worker", VEEDOR, *files]), lambda: poppler(files))
    start = min(measured(["pdftotext", "-v"], range(100))[0] for _ in range(20))
    failed = sum(b"Failed" in line for line in said.splitlines())
    print(f"veedor, isolated         {len(files)} PDFs  {own:6.2f} CPU-s  peak of a process {peak:.0f} MiB  ({failed} not read)")
    print(f"pdftotext                {len(files)} PDFs  {peer:6.2f} CPU-s  (of which {start * len(files):.2f} for starting it)")
    print(f"ratio                    {own / peer:.2f} (at most 2.00)")
    return peak

if __name__ == "__main__":
    peak = workbooks()
    if shutil.which("pdftotext"): peak = max(peak, pdfs())
    print(f"peak of a process        {peak:.0f} MiB (below {LIMIT})")
