/**
 * Colours of a program's choosing, made readable: a log may print dark blue on black. Lightness is moved until the contrast
 * to the background of the theme is enough; the hue stays.
 */

type Rgb = readonly [number, number, number];

/** WCAG's least contrast for text. */
const LEAST_CONTRAST = 4.5;

/** Relative luminance of `--bg` in theme.css, of either theme. */
const DARK_BACKGROUND = 0.0051;
const LIGHT_BACKGROUND = 0.983;

/** A step of the way to white or black; 32 of them are the whole way. */
const STEPS = 32;

/** 6 x 6 x 6 cube from 16, then 24 greys. */
export function rgbOf256(n: number): Rgb {
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return [grey, grey, grey];
  }
  const step = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = n - 16;
  return [step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)];
}

/** The colour for the dark and for the light theme. */
export function readableColours(rgb: Rgb): { readonly dark: string; readonly light: string } {
  return { dark: toHex(moved(rgb, 255, DARK_BACKGROUND)), light: toHex(moved(rgb, 0, LIGHT_BACKGROUND)) };
}

function moved(rgb: Rgb, towards: number, background: number): Rgb {
  for (let step = 0; step <= STEPS; step++) {
    const mix = (value: number) => Math.round(value + ((towards - value) * step) / STEPS);
    const colour: Rgb = [mix(rgb[0]), mix(rgb[1]), mix(rgb[2])];
    if (contrast(luminance(colour), background) >= LEAST_CONTRAST) return colour;
  }
  return [towards, towards, towards];
}

export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Relative luminance of WCAG 2. */
export function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
