"""Makes the samples that come from published pictures: `python3 derive.py PHOTOS DIRECTORY`.

PHOTOS holds the originals, by the names below; where they are from stands in ../README.md.
"""
import sys
from pathlib import Path

from PIL import Image

ORIENTATION = 0x0112


def main():
    photos, out = Path(sys.argv[1]), Path(sys.argv[2])
    load = lambda name: Image.open(photos / name)
    (out / "rocket.jpg").write_bytes((photos / "rocket.jpg").read_bytes())
    (out / "cat.png").write_bytes((photos / "chelsea_cat.png").read_bytes())
    load("hubble_deep_field.jpg").convert("RGB").save(out / "hubble.jpg", quality=80)
    load("coffee.png").convert("RGB").save(out / "coffee.webp", quality=85, method=6)
    load("kodak_23.png").save(out / "parrots.jpg", quality=90)
    load("camera_gray.png").convert("L").save(out / "camera_gray.jpg", quality=85)
    # Stored lying down; the tag says "turn a quarter clockwise to show".
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    lighthouse = load("kodak_19.png").transpose(Image.Transpose.ROTATE_90)
    lighthouse.save(out / "lighthouse_orientation_6.jpg", quality=88, exif=exif)


if __name__ == "__main__":
    main()
