#!/usr/bin/env python3
"""Whole runs of preflight beside its peers: the rows of README.md, measured again.

usage: benches/peers.py [--rounds N] [--scale F] [--preflight FILE] [--trees DIR] [--wordpress DIR] [ROW ...]

Makes the trees below DIR (kept for the next time), runs preflight and the peer of each row in turn, and prints the
table of README.md with the ratio that stands there beside the one measured now. ROW is a number from 1; without one, all.
It ends in 1 where a ratio is more than 1.10 times what it was, and in 2 where a row could not be measured. `cargo build
--release` first; the peers are looked for on PATH. Only with --scale 1 and at least ten rounds is it a measurement.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RIPGREP_READS = ["rg", "-uuu", "-c", "ZZZNOTTHERE"]
RIPGREP_LISTS = ["rg", "-uuu", "--files"]
HYPERLINK = ["hyperlink"]
# How much worse a ratio may be than it was.
TOLERANCE = 1.10


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def links(root, scale):
    """Pages of 50 links to random others, 100 to a folder."""
    count, draw = max(2, int(50_000 * scale)), random.Random(1)
    names = [f"{number // 100}/{number % 100}.html" for number in range(count)]
    for name in names:
        put(root / name, "".join(f'<a href="/{draw.choice(names)}">Hey</a>' for _ in range(50)).encode())


def site(root, scale):
    """A rendered site: pages that name a dozen files each, and a fault in every thousandth page."""
    count, draw = max(20, int(200_000 * scale)), random.Random(7)
    pages, sheets, scripts, pictures = count * 8 // 10, count // 20, count // 20, count // 10
    words = "deploy server file name include require index walker release stage asset static theme module".split()
    text = [" ".join(draw.choice(words) for _ in range(30)) for _ in range(400)]

    def page(number):
        return f"sec{number // 200:05d}/page-{number:07d}.html"

    def asset(kind, number, extension):
        return f"assets/{kind}/{number // 200:04d}/{kind}-{number:06d}.{extension}"

    for number in range(pictures):
        put(root / asset("img", number, "png"), bytes.fromhex("89504e470d0a1a0a") + bytes(62))
    for number in range(sheets):
        picture = asset("img", number % pictures, "png").removeprefix("assets/")
        rules = "".join(f".r{rule}{{margin:{rule}px}}\n" for rule in range(60))
        put(root / asset("css", number, "css"), f".c{{background:url(../../{picture})}}\n{rules}".encode())
    for number in range(scripts):
        body = "".join(f"function f{line}(a){{return a+{line};}}\n" for line in range(60))
        put(root / asset("js", number, "js"), body.encode())
    for number in range(pages):
        near = [page((number + step) % pages) for step in range(1, 5)]
        targets = near + [page(draw.randrange(pages)) for _ in range(4)]
        lines = [f'<p>{draw.choice(text)} <a href="../{target}">page</a></p>' for target in targets]
        if number % 1000 == 500:
            lines.append(f'<p><a href="../{fault(number, page(draw.randrange(pages)))}">bad</a></p>')
        head = f'<link rel="stylesheet" href="../{asset("css", number % sheets, "css")}">'
        head += f'<script src="../{asset("js", number % scripts, "js")}"></script>'
        images = [asset("img", at % pictures, "png") for at in (number, number * 7)]
        body = "".join(f'<img src="../{image}" alt="">' for image in images) + "\n".join(lines)
        put(root / page(number), f"<!DOCTYPE html><title>{number}</title>{head}<body>{body}</body>\n".encode())


def fault(number, target):
    """A reference that nothing answers: missing, wrong case, swapped letters, a trailing space, in turn."""
    kinds = [f"sec99999/nope-{number}.html", target.replace("page-", "Page-"), target.replace("page-", "paeg-")]
    return [*kinds, f"{target}%20"][number // 1000 % 4]


def million(root, scale):
    """Files of 256 bytes, 100 to a folder, each source naming its neighbour of the same kind."""
    count = max(100, int(1_000_000 * scale)) // 100 * 100
    kinds = ["php", "html", "js", "css", "py", "png", "txt", "json", "svg", "md"]
    for number in range(count):
        folder, at = number // 100, number % 100
        kind, neighbour = kinds[number % 10], folder * 100 + (at + 10) % 100
        name = f"file_{neighbour:07d}"
        text = {
            "php": f"<?php require __DIR__ . '/{name}.php';\n",
            "html": f'<a href="{name}.html">x</a>\n',
            "js": f"import './{name}.js';\n",
            "css": f"@import url('{name}.css');\n",
            "py": f"import {name}\n",
        }.get(kind, "x\n")
        path = root / f"a{folder // 100:03d}" / f"d{folder:05d}" / f"file_{number:07d}.{kind}"
        put(path, text.encode().ljust(256))


# Tree, generator (none: a tree that is there), peer; in the order of README.md.
ROWS = [
    ("wordpress", None, RIPGREP_READS),
    ("wordpress", None, RIPGREP_LISTS),
    ("links", links, HYPERLINK),
    ("site", site, HYPERLINK),
    ("million", million, RIPGREP_READS),
    ("million", million, RIPGREP_LISTS),
]


def trouble(what):
    print(what, file=sys.stderr)
    sys.exit(2)


def recorded():
    """The ratios of README.md."""
    text = (HERE / "README.md").read_text()
    whole = re.search(r"^\|.*ratio of wall times \| memory \|\n((?:\|.*\n)*)", text, re.MULTILINE)
    table = re.findall(r"^\|.*\| *([0-9.]+) *\|[^|]*\|$", whole[1] if whole else "", re.MULTILINE)
    if len(table) != len(ROWS):
        trouble(f"README.md has {len(table)} rows, and here are {len(ROWS)}")
    return [float(ratio) for ratio in table]


def run(command):
    """Wall time in seconds, and the most memory in MiB."""
    sink = os.open(os.devnull, os.O_RDWR)
    started = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, sink, descriptor) for descriptor in (0, 1, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    took = time.perf_counter() - started
    os.close(sink)
    # 1 says that something was found, or that nothing was; a crash or bad usage measures nothing.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{' '.join(map(str, command))}: status {os.waitstatus_to_exitcode(status)}")
    return took, usage.ru_maxrss / 1024


def measure(preflight, tree, peer, rounds):
    """Times and memory of both, A B A B …; the first round warms up and is dropped."""
    ours, theirs = [], []
    for _ in range(rounds + 1):
        ours.append(run([str(preflight), str(tree)]))
        theirs.append(run([*peer, str(tree)]))
    return ours[1:], theirs[1:]


def grown(name, make, arguments):
    """The tree of a row, made where it is not there yet."""
    if make is None:
        return arguments.wordpress
    tree = arguments.trees / f"{name}-{arguments.scale:g}"
    if not tree.is_dir():
        part = tree.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        make(part, arguments.scale)
        part.rename(tree)
    return tree


def line(row, arguments, before):
    """A row of the table, and whether its ratio holds."""
    name, make, peer = row
    tree = grown(name, make, arguments)
    if tree is None or not tree.is_dir():
        raise RuntimeError(f"{name}: there is no such tree; name it with --wordpress")
    if shutil.which(peer[0]) is None:
        raise RuntimeError(f"{peer[0]} is not installed")
    ours, theirs = measure(arguments.preflight, tree, peer, arguments.rounds)
    ratio = statistics.median(a[0] / b[0] for a, b in zip(ours, theirs))
    middle = [statistics.median(one[0] for one in side) for side in (ours, theirs)]
    memory = [max(one[1] for one in side) for side in (ours, theirs)]
    print(
        f"| {name} | `{' '.join(peer)}` | {middle[0]:.3f} s | {middle[1]:.3f} s | {ratio:.3g} | {before:g} "
        f"| {memory[0]:.0f} MiB, peer {memory[1]:.0f} MiB |",
        flush=True,
    )
    return ratio <= before * TOLERANCE


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    target = HERE.parent / "target"
    parser.add_argument("rows", metavar="ROW", type=int, nargs="*", help="rows to measure, from 1")
    parser.add_argument("--rounds", type=int, default=10, help="rounds that count (default: 10)")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the made trees (default: 1)")
    parser.add_argument("--preflight", type=Path, default=target / "release" / "preflight", help="the program")
    parser.add_argument("--trees", type=Path, default=target / "peers", help="where the made trees are kept")
    parser.add_argument("--wordpress", type=Path, default=target / "trees" / "wordpress", help="an unpacked WordPress")
    return parser.parse_args()


def main():
    wanted = arguments()
    if not wanted.preflight.is_file():
        trouble(f"{wanted.preflight} is not there: cargo build --release")
    slower, unmeasured = [], []
    print("| tree | peer | preflight | peer | ratio of wall times | was | memory |\n|---|---|---|---|---|---|---|")
    for number, (row, before) in enumerate(zip(ROWS, recorded()), 1):
        if wanted.rows and number not in wanted.rows:
            continue
        try:
            if not line(row, wanted, before):
                slower.append(number)
        except RuntimeError as error:
            unmeasured.append(f"row {number}: {error}")
    for what in [*unmeasured, *(f"row {number}: slower than it was" for number in slower)]:
        print(what, file=sys.stderr)
    sys.exit(2 if unmeasured else 1 if slower else 0)


if __name__ == "__main__":
    main()
