"""A Display P3 profile from its published numbers: ICC version 4, matrix and parametric curve.

Small enough to read, and ours, so that no vendor's profile is passed on with a sample picture.
"""
import struct

# Display P3's primaries and white (D65), adapted to the profile connection space's D50 (Bradford).
COLUMNS = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
    b"wtpt": (0.96420, 1.00000, 0.82491),
}
# sRGB's transfer function, as the curve of type 3 writes it: g, a, b, c, d.
CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def text(words):
    body = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(body), 28) + body


def display_p3():
    """The profile's bytes."""
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + b"".join(map(fixed, CURVE))
    tags = {b"desc": text("Display P3, darkroom samples"), b"cprt": text("CC0")}
    tags |= {name: b"XYZ \0\0\0\0" + b"".join(map(fixed, xyz)) for name, xyz in COLUMNS.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, data, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name + struct.pack(">II", offset + len(data), len(body))
        data += body + b"\0" * (-len(body) % 4)
    size = 128 + len(table) + len(data)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    header += b"".join(map(fixed, (0.9642, 1.0, 0.82491)))
    return header.ljust(128, b"\0") + table + data
