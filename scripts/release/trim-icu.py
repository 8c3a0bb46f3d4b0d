#!/usr/bin/env python3
"""Writes an assembler file with the part of Foundation's ICU data that an English command-line tool can need.

    trim-icu.py ARCHIVE OUTPUT.s

Prints the data's symbol; the file defines it as the linker's `--wrap` wants it, so that the archive's is not linked.

ARCHIVE is the toolchain's lib_FoundationICU.a. Its data is a table of contents (ICU's "CmnD" format: a header, a count,
pairs of offsets of name and contents, sorted by name) and is four fifths of what Foundation adds to a static binary.
Locales fall back to the root, which stays, as do the files that belong to no locale.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

SYMBOL = re.compile(r"\b(icudt\d+_dat)$", re.MULTILINE)
# Languages whose own files stay.
KEPT = {"root", "en", "en_US", "en_001", "en_GB"}
LOCALE = re.compile(r"^[a-z]{2,3}(_[A-Za-z0-9]+)*$")


def member_with_data(archive, directory):
    """The object file of the archive that defines the data, and the symbol's name."""
    listing = subprocess.run(["nm", "-A", "--defined-only", archive], capture_output=True, text=True).stdout
    line = next(line for line in listing.splitlines() if SYMBOL.search(line))
    member = line.split(":")[1]
    subprocess.run(["ar", "x", str(pathlib.Path(archive).resolve()), member], cwd=directory, check=True)
    return pathlib.Path(directory) / member, SYMBOL.search(line)[1]


def data_of(member):
    """The object file's largest read-only section."""
    listing = subprocess.run(["readelf", "-S", "-W", member], capture_output=True, text=True, check=True).stdout
    sections = re.findall(r"\.rodata\S*\s+PROGBITS\s+\S+\s+(\S+)\s+(\S+)", listing)
    offset, size = max(((int(o, 16), int(s, 16)) for o, s in sections), key=lambda section: section[1])
    return member.read_bytes()[offset : offset + size]


def is_kept(name):
    """Whether an item, such as `icudt76l/coll/de.res`, stays."""
    path = name.split("/")[1:]
    stem, _, kind = path[-1].rpartition(".")
    if kind != "res":
        # Converters and dictionaries are for texts that are not UTF-8 and for Thai, Khmer and Chinese line breaks.
        return kind not in {"cnv", "dict"}
    if path[0] in {"translit", "rbnf"}:
        return stem == "root"
    return stem in KEPT or not LOCALE.match(stem)


def trimmed(data):
    """The same package with the kept items only."""
    header = struct.unpack_from("<H", data)[0]
    (count,) = struct.unpack_from("<I", data, header)
    entries = [struct.unpack_from("<II", data, header + 4 + 8 * index) for index in range(count)]
    ends = [contents for _, contents in entries[1:]] + [len(data) - header]
    items = []
    for (name, contents), end in zip(entries, ends):
        start = header + name
        text = data[start : data.index(0, start)].decode()
        if is_kept(text):
            items.append((text, data[header + contents : header + end]))
    names, blob, table = b"", b"", []
    first = 4 + 8 * len(items)
    lengths = sum(len(name) + 1 for name, _ in items)
    begin = (first + lengths + 15) // 16 * 16
    for name, contents in items:
        table.append((first + len(names), begin + len(blob)))
        names += name.encode() + b"\0"
        blob += contents + b"\xaa" * (-len(contents) % 16)
    body = struct.pack("<I", len(items)) + b"".join(struct.pack("<II", *entry) for entry in table) + names
    return data[:header] + body + b"\xaa" * (begin - len(body)) + blob


def main():
    archive, output = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        member, symbol = member_with_data(archive, directory)
        data = data_of(member)
    small = trimmed(data)
    place = pathlib.Path(output).with_suffix(".dat")
    place.write_bytes(small)
    pathlib.Path(output).write_text(
        f'.section .rodata\n.balign 16\n.globl __wrap_{symbol}\n__wrap_{symbol}:\n.incbin "{place}"\n'
        '.section .note.GNU-stack,"",%progbits\n')
    print(f"ICU data: {len(data) / 1e6:.1f} MB trimmed to {len(small) / 1e6:.1f} MB", file=sys.stderr)
    print(symbol)


main()
