"""Paints the sample pictures that are our own: `python3 paint.py DIRECTORY` (Pillow 12, numpy 2).

Everything is computed from fixed seeds. Encoders change between versions, so the bytes may differ
from the committed ones; the pictures do not.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

import scenes
from icc import display_p3


def picture(pixels):
    """Floats 0 to 1 become an 8-bit picture."""
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


def coast(out):
    image = picture(scenes.coast(2400, 1600))
    image.save(out / "coast.jpg", quality=84, subsampling="4:2:0")
    small = out / "truncated.jpg"
    image.resize((900, 600), Image.Resampling.LANCZOS).save(small, quality=85)
    whole = small.read_bytes()
    small.write_bytes(whole[: len(whole) * 7 // 10])


def dunes(out):
    # 550 x 740 is the size that the URL reference's table of sizes was measured with.
    picture(scenes.dunes(550, 740)).save(out / "dunes.jpg", quality=90)


def julia(out):
    image = picture(scenes.julia(2400, 1600)).resize((1200, 800), Image.Resampling.LANCZOS)
    image.save(out / "julia_progressive.jpg", quality=86, progressive=True)


def marble(out):
    image = picture(scenes.marble(1024)).resize((512, 512), Image.Resampling.LANCZOS)
    # Six bits a channel (but not of alpha) are enough for glass, and halve the file.
    red, green, blue, alpha = image.split()
    rgb = Image.merge("RGB", [c.point(lambda v: v & 0xFC) for c in (red, green, blue)])
    Image.merge("RGBA", [*rgb.split(), alpha]).save(out / "marble.png", optimize=True)


def orbit(out):
    frames = [picture(f).resize((240, 240), Image.Resampling.LANCZOS) for f in scenes.orbit(480, 12)]
    palette = frames[0].quantize(96, dither=Image.Dither.NONE)
    frames = [f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames]
    frames[0].save(out / "orbit.gif", save_all=True, append_images=frames[1:], duration=80, loop=0)


def sunflower(out):
    # The numbers are Display P3: the reds and greens lie outside sRGB.
    image = picture(scenes.sunflower(1600)).resize((800, 800), Image.Resampling.LANCZOS)
    image.save(out / "sunflower_p3.jpg", quality=88, icc_profile=display_p3())


def main():
    out = Path(sys.argv[1])
    for paint in (coast, dunes, julia, marble, orbit, sunflower):
        paint(out)


if __name__ == "__main__":
    main()
