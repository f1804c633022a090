"""One free colour, chosen by the agency, turned into readable tokens for light and dark pages.

The chosen colour never reaches a page as it is: it is darkened or lightened until text on it
and text written with it keep a contrast of 4.5 to 1.
"""

from collections.abc import Callable, Mapping
from colorsys import rgb_to_hls

WHITE = "#ffffff"
BLACK = "#000000"
READABLE = 4.5
VISIBLE = 3.0
COMFORTABLE = 7.0
LIGHT_GREY = "#f4f4f4"  # --muted of light pages, the darkest ground a link lies on
DARK_PAGE = "#0a0a0a"  # --background of dark pages
DARK_GREY = "#1c1c1c"  # --muted of dark pages


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two "#rrggbb" colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def accent_tokens(colour: str) -> dict[str, dict[str, str]]:
    """Derive the brand tokens of both themes from one "#rrggbb" colour.

    :raises ValueError: if the text is not such a colour.
    """
    _channels(colour)
    return {"light": _light_tokens(colour), "dark": _dark_tokens(colour)}


def stylesheet(tokens: Mapping[str, Mapping[str, str]]) -> str:
    """Write tokens as the CSS that follows portal.css and replaces its brand colours."""
    light, dark = (_declarations(tokens[theme]) for theme in ("light", "dark"))
    return (
        f":root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}'
    )


def admin_stylesheet(tokens: Mapping[str, Mapping[str, str]]) -> str:
    """Write tokens as the properties of the back-office that carry its accent."""
    light, dark = tokens["light"], tokens["dark"]
    hue, saturation, lightness = _hsl(light["--brand"])
    plain = {
        "--w-color-secondary-hue": f"{hue:.0f}",
        "--w-color-secondary-saturation": f"{saturation:.0f}%",
        "--w-color-secondary-lightness": f"{lightness:.1f}%",
        "--w-color-secondary-50": light["--brand-soft"],
        "--w-color-secondary-75": _mix(light["--brand"], WHITE, 0.75),
        "--w-color-secondary-400": light["--brand-hover"],
        "--w-color-secondary-600": _mix(light["--brand"], BLACK, 0.35),
        "--w-color-info-50": light["--brand-soft"],
        "--w-color-info-75": _mix(light["--brand"], WHITE, 0.5),
        "--w-color-info-100": light["--brand"],
        "--w-color-info-125": light["--brand-hover"],
        "--w-color-focus": light["--brand"],
    }
    over_dark = {"--w-color-focus": dark["--brand-text"], "--w-color-info-75": dark["--brand-text"]}
    return (
        f":root,:host{{{_declarations(plain)}}}.w-theme-dark{{{_declarations(over_dark)}}}"
        f"@media (prefers-color-scheme:dark){{.w-theme-system{{{_declarations(over_dark)}}}}}"
    )


def _hsl(colour: str) -> tuple[float, float, float]:
    """Return hue in degrees, saturation and lightness in percent."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    return hue * 360, saturation * 100, lightness * 100


def _light_tokens(colour: str) -> dict[str, str]:
    brand = _shift(colour, BLACK, lambda shade: contrast(shade, WHITE) >= READABLE)
    soft = _mix(brand, WHITE, 0.925)
    text = _shift(
        brand,
        BLACK,
        lambda shade: min(contrast(shade, LIGHT_GREY), contrast(shade, soft)) >= READABLE,
    )
    return {
        "--brand": brand,
        "--brand-hover": _mix(brand, BLACK, 0.18),
        "--brand-text": text,
        "--brand-soft": soft,
    }


def _dark_tokens(colour: str) -> dict[str, str]:
    seen = _shift(colour, WHITE, lambda shade: contrast(shade, DARK_PAGE) >= VISIBLE)
    brand = _shift(seen, BLACK, lambda shade: contrast(shade, WHITE) >= READABLE)
    text = _shift(colour, WHITE, lambda shade: contrast(shade, DARK_GREY) >= COMFORTABLE)
    return {
        "--brand": brand,
        "--brand-hover": _mix(brand, BLACK, 0.1),
        "--brand-text": text,
        "--brand-soft": _mix(text, DARK_PAGE, 0.86),
        "--ring": text,
    }


def _shift(colour: str, towards: str, is_enough: Callable[[str], bool]) -> str:
    """Move a colour towards another by the smallest step which is enough."""
    for part in range(0, 101, 2):
        shade = _mix(colour, towards, part / 100)
        if is_enough(shade):
            return shade
    return towards


def _mix(first: str, second: str, part: float) -> str:
    """Blend two colours; `part` is the share of the second, from 0 to 1."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> list[int]:
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(colour)
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _declarations(tokens: Mapping[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in tokens.items())
