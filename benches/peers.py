#!/usr/bin/env python3
"""Veedor beside Scrapy and BeautifulSoup, in one run: responses and pages a CPU-second, and peak memory.

    python3 -m venv target/bench && target/bench/bin/pip install scrapy beautifulsoup4
    cargo build --release
    target/bench/bin/python benches/peers.py [PAGES]

A made-up site of PAGES pages of some 15 kB with 75 links each is served on loopback by a process of its own, whose time does not
count. CPU time (user and system) and peak memory are those that the kernel reports of each finished process."""
import multiprocessing, os, shutil, subprocess, sys, tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VEEDOR = ROOT / "target/release/veedor"
PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 3000

def page(n):
    rows = "".join(
        f'<li><h3>Fracción {k}. Información del trimestre {k} de {2000 + n % 25}</h3><p>Acuerdo del cabildo sobre el rubro {n * 7 + k}: '
        f'se publica para su consulta.</p><a class="enlace" href="/p{(n * 31 + k * 97) % PAGES}.html">Documento {k} de la página {n}</a></li>'
        for k in range(75))
    return f"<!doctype html><html lang=es><head><title>Página {n}</title></head><body><h1>Página {n}</h1><ul>{rows}</ul></body></html>".encode()

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        name = self.path.strip("/").removeprefix("p").removesuffix(".html")
        found = name == "" or name.isdigit() and int(name) < PAGES
        body = page(int(name or 0)) if found else b"no"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass

def serve(pipe):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pipe.send(server.server_address[1])
    server.serve_forever()

def measured(command, **more):
    """CPU seconds and peak MiB of a process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, usage = os.wait4(process.pid, 0)
    if status: sys.exit(f"{command[0]} failed with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

SPIDER = """
import scrapy
class Site(scrapy.Spider):
    name = "site"
    start_urls = ["http://127.0.0.1:{port}/"]
    custom_settings = dict(ROBOTSTXT_OBEY=False, LOG_ENABLED=False, CONCURRENT_REQUESTS=16, CONCURRENT_REQUESTS_PER_DOMAIN=16,
                           DOWNLOAD_DELAY=0, TELNETCONSOLE_ENABLED=False)
    def parse(self, response):
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.parse)
"""

def main():
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        crawl = [VEEDOR, "crawl", f"http://127.0.0.1:{port}/", "--no-rate", "--connections", "16", "--max-pages", str(PAGES * 2),
                 "--allow-private", f"127.0.0.1:{port}", "--out", folder / "out", "--no-progress"]
        seconds, peak = measured(crawl)
        case = next((folder / "out").glob("*/*"))
        got = sum(1 for line in open(case / "crawl.jsonl") if '"status":"ok"' in line)
        own = got / seconds
        print(f"veedor crawl + WARC + extraction  {got} responses  {own:8.0f} responses/CPU-s  peak {peak:.0f} MiB")
        (folder / "spider.py").write_text(SPIDER.replace("{port}", str(port)))
        scrapy = Path(sys.executable).parent / "scrapy"
        if scrapy.exists():
            seconds, peak = measured([scrapy, "runspider", "spider.py"], cwd=folder)
            peer = PAGES / seconds
            print(f"scrapy                            {PAGES} responses  {peer:8.0f} responses/CPU-s  peak {peak:.0f} MiB")
            print(f"ratio                             {own / peer:.1f}")
        seconds, peak = measured([VEEDOR, "evaluate", case, "--packs", "mx-lgtaip-2015", "--format", "html"])
        own = got / seconds
        print(f"veedor evaluate (archived HTML)   {own:8.0f} pages/CPU-s  peak {peak:.0f} MiB")
        pages = folder / "pages"
        pages.mkdir()
        count = min(PAGES, 1000)
        for n in range(count): (pages / f"{n}.html").write_bytes(page(n))
        code = "import sys,pathlib\nfrom bs4 import BeautifulSoup\nfor p in pathlib.Path(sys.argv[1]).iterdir(): BeautifulSoup(p.read_bytes(),'html.parser')"
        seconds, _ = measured([sys.executable, "-c", code, pages])
        peer = count / seconds
        print(f"BeautifulSoup, parsing alone      {peer:8.0f} pages/CPU-s\nratio                             {own / peer:.1f}")
    server.terminate()

if __name__ == "__main__": main()
