"""The scenes: sizes in, arrays of floats 0 to 1 out (height, width, channels). Pure, fixed seeds."""
import numpy as np


def grid(width, height):
    """x and y of every pixel's centre, both 0 to 1."""
    return np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)


def mix(a, b, t):
    """From colour a to colour b; t has one value a pixel."""
    return np.asarray(a) * (1 - t[..., None]) + np.asarray(b) * t[..., None]


def noise(x, y, seed):
    """Smooth value noise over the plane, 0 to 1."""
    table = np.random.default_rng(seed).random((256, 256))
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = x - x0, y - y0
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    at = lambda i, j: table[(y0 + j) & 255, (x0 + i) & 255]
    top = at(0, 0) * (1 - fx) + at(1, 0) * fx
    return top * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy


def fractal(x, y, seed, octaves=7, gain=0.5):
    """Octaves of noise, each finer and fainter; about 0 to 1."""
    weights = [gain**octave for octave in range(octaves)]
    heights = (noise(x * 2**octave, y * 2**octave, seed + octave) for octave in range(octaves))
    return sum(w * h for w, h in zip(weights, heights)) / sum(weights)


def sky(x, y, sun):
    """Evening sky with haze, clouds and a low sun."""
    colour = mix([0.16, 0.26, 0.47], [0.98, 0.72, 0.46], np.clip(y / 0.55, 0, 1) ** 1.6)
    distance = np.hypot((x - sun[0]) * 1.5, y - sun[1])
    colour += np.exp(-distance * 7)[..., None] * np.array([0.55, 0.34, 0.12])
    colour += np.clip((0.035 - distance) * 160, 0, 1)[..., None] * np.array([0.6, 0.5, 0.35])
    clouds = fractal(x * 3.2, y * 11, 11)
    cover = np.clip((clouds - 0.52) * 4.5, 0, 1) * np.clip(1.1 - y * 1.7, 0, 1)
    lit = mix([0.43, 0.36, 0.46], [1.0, 0.79, 0.62], np.clip((fractal(x * 3.2, y * 11 + 0.35, 11) - 0.45) * 3, 0, 1))
    return colour * (1 - cover[..., None]) + lit * cover[..., None]


def coast(width, height):
    """Mountains above a calm sea at dusk."""
    x, y = grid(width, height)
    sun, shore = (0.64, 0.45), 0.60
    # Below the shore the sea shows the same world upside down, shaken by waves.
    depth = np.clip((y - shore) / (1 - shore), 0, 1)
    waves = fractal(x * 9 / (0.2 + depth), 5 / (0.035 + depth * 0.45), 31, octaves=5) - 0.5
    mirrored = shore - (y - shore) * 0.9 + waves * 0.10 * (0.15 + depth)
    world_x = x + np.where(y > shore, waves * 0.012, 0)
    world_y = np.where(y > shore, mirrored, y)
    colour = sky(world_x, np.clip(world_y, 0, 1), sun)
    layers = [(0.40, 0.10, 2.3, 41), (0.46, 0.09, 3.4, 42), (0.51, 0.08, 4.6, 43), (0.555, 0.06, 7, 44)]
    for depth_rank, (base, height_, frequency, seed) in enumerate(layers):
        ridge = base + height_ - fractal(world_x * frequency, np.zeros_like(x) + seed, seed, octaves=9) * height_ * 2.2
        inside = np.clip((world_y - ridge) * height * 0.8, 0, 1)
        near = depth_rank / 3
        relief = fractal(world_x * 40, world_y * 55, seed + 9, octaves=6) - 0.5
        rock = mix([0.52, 0.42, 0.47], [0.10, 0.12, 0.17], np.full_like(x, near)) + relief[..., None] * 0.22 * (0.35 + near)
        rock = mix(rock, [0.93, 0.69, 0.53], (1 - near) * np.clip((world_y - ridge) * 5, 0, 0.75))
        colour = colour * (1 - inside[..., None]) + rock * inside[..., None]
    sea = (y > shore)
    tint = mix([0.80, 0.82, 0.88], [0.30, 0.40, 0.52], depth)
    colour = np.where(sea[..., None], colour * tint, colour)
    glitter = np.clip(waves - 0.13, 0, 1) * np.exp(-np.abs(x - sun[0]) * (9 - 5 * depth)) * sea
    colour += glitter[..., None] * np.array([3.2, 2.3, 1.3])
    grain = np.random.default_rng(7).normal(0, 0.006, (height, width, 1))
    return colour + grain


def dunes(width, height):
    """Sand in the morning: three crests, ripples, long shadows."""
    x, y = grid(width, height)
    colour = mix([0.35, 0.56, 0.78], [0.96, 0.88, 0.76], np.clip(y / 0.4, 0, 1))
    for base, tall, frequency, seed in [(0.33, 0.16, 1.3, 61), (0.50, 0.22, 1.1, 62), (0.72, 0.30, 0.9, 63)]:
        crest = base + tall * (0.5 - fractal(x * frequency + seed, np.zeros_like(x), seed, octaves=3))
        inside = np.clip((y - crest) * height, 0, 1)
        bend = fractal(x * 2 + seed, y * 2, seed + 5, octaves=3)
        ripple = np.sin((y * 150 + bend * 60 + x * 20) / (0.6 + (y - crest) * 0.8)) * 0.035
        shade = np.clip(0.55 + (bend - 0.5) * 1.9 + ripple - (y - crest) * 0.35, 0, 1)
        sand = mix([0.42, 0.24, 0.20], [0.98, 0.78, 0.52], shade)
        colour = colour * (1 - inside[..., None]) + sand * inside[..., None]
    return colour + np.random.default_rng(8).normal(0, 0.012, (height, width, 1))


def julia(width, height):
    """The Julia set of -0.8 + 0.156i, smoothly coloured."""
    x, y = grid(width, height)
    z = (x - 0.5) * 2.6 + 1j * (y - 0.5) * 2.6 * height / width
    steps = np.zeros(z.shape)
    escaped = np.zeros(z.shape, bool)
    for step in range(160):
        z = np.where(escaped, z, z * z + (-0.8 + 0.156j))
        now = ~escaped & (np.abs(z) > 8)
        steps[now] = step + 1 - np.log2(np.log(np.abs(z[now])) / np.log(8))
        escaped |= now
    t = np.where(escaped, np.sqrt(np.clip(steps, 0, None)) * 0.42, 0)
    wave = lambda phase: 0.5 + 0.5 * np.cos(t * 2.2 + phase)
    colour = np.stack([wave(3.4), wave(2.6), wave(1.7)], axis=-1)
    return np.where(escaped[..., None], colour, [0.05, 0.04, 0.12])


def marble(size):
    """A glass marble on nothing: alpha is the glass and its soft shadow."""
    x, y = grid(size, size)
    u, v = (x - 0.5) / 0.42, (y - 0.47) / 0.42
    r = np.hypot(u, v)
    inside = np.clip((1 - r) * 0.42 * size, 0, 1)
    z = np.sqrt(np.clip(1 - r * r, 0, 1))
    swirl = fractal(u * 1.3 + 3 + z, v * 1.3 + 5 + 0.8 * fractal(u * 2 + 9, v * 2, 72), 71, octaves=4)
    vein = 0.5 + 0.5 * np.sin(swirl * 22 + u * 3)
    colour = mix([0.02, 0.20, 0.36], [0.20, 0.80, 0.78], vein)
    colour = mix(colour, [0.98, 0.62, 0.22], np.clip((swirl - 0.56) * 7, 0, 1))
    light = np.clip(-0.5 * u - 0.6 * v + 0.62 * z, 0, 1)
    colour = colour * (0.35 + 0.75 * light)[..., None] + (light**26)[..., None] * 0.95
    colour += (np.clip(r - 0.75, 0, 1) * np.clip(u + v, 0, 2))[..., None] * np.array([0.4, 0.7, 0.8])
    shadow = 0.45 * np.exp(-(((x - 0.54) / 0.30) ** 2 + ((y - 0.90) / 0.045) ** 2))
    glass = inside * (0.72 + 0.28 * np.clip(r, 0, 1) ** 2)
    alpha = glass + shadow * (1 - glass)
    colour = colour * (inside / np.maximum(inside + shadow * (1 - inside), 1e-6))[..., None]
    return np.dstack([np.clip(colour, 0, 1), alpha])


def orbit(size, frames):
    """Two planets around a star, seen from above."""
    x, y = grid(size, size)
    for frame in range(frames):
        turn = 2 * np.pi * frame / frames
        colour = np.zeros((size, size, 3)) + [0.05, 0.06, 0.13]
        for radius in (0.24, 0.40):
            ring = np.clip(1 - np.abs(np.hypot(x - 0.5, y - 0.5) - radius) * size * 0.5, 0, 1)
            colour += ring[..., None] * 0.12
        for radius, phase, speed, body, hue in [
            (0.0, 0, 0, 0.085, [1.0, 0.80, 0.32]),
            (0.24, 0.4, 2, 0.035, [0.35, 0.72, 0.95]),
            (0.40, 2.1, 1, 0.05, [0.93, 0.42, 0.35]),
        ]:
            cx = 0.5 + radius * np.cos(phase + turn * speed)
            cy = 0.5 + radius * np.sin(phase + turn * speed)
            disc = np.clip((body - np.hypot(x - cx, y - cy)) * size * 0.5, 0, 1)
            colour = mix(colour, hue, disc)
        yield colour


def sunflower(size):
    """Seeds set at the golden angle, from the reddest red of the gamut to the greenest green."""
    x, y = grid(size, size)
    colour = np.zeros((size, size, 3)) + [0.07, 0.05, 0.09]
    golden = np.pi * (3 - np.sqrt(5))
    for seed in range(900):
        radius, angle = 0.0157 * np.sqrt(seed), seed * golden
        cx, cy = 0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)
        reach = 0.006 + 0.006 * radius / 0.47
        left, top = (max(int((c - reach * 1.5) * size), 0) for c in (cx, cy))
        right, bottom = (int((c + reach * 1.5) * size) + 2 for c in (cx, cy))
        window = np.s_[top:bottom, left:right]
        disc = np.clip((reach - np.hypot(x[window] - cx, y[window] - cy)) * size, 0, 1)
        t = radius / 0.47
        hue = np.array([1.0, 0.85 * t, 0.02]) if seed % 3 else np.array([0.9 - 0.9 * t, 0.95, 0.10])
        colour[window] = mix(colour[window], hue * (0.8 + 0.2 * np.cos(angle * 5)), disc)
    return colour
