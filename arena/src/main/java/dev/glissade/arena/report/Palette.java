package dev.glissade.arena.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The colors and dashes of lines. An optimizer has the same in every report, whatever else is in
 * it. Only if two lines of a report would look alike, such as two variants of one optimizer, the
 * later one takes another dash or color.
 */
final class Palette {
  private static final int HUES = 8;
  private static final int DASHES = 3;

  /** The colors of report.css for light pages, for pictures. */
  private static final List<String> LIGHT =
      List.of(
          "#6e6ce2", "#830809", "#25774f", "#b6318c", "#ab832b", "#37a1d4", "#7a20ec", "#52223f");

  private static final List<String> DASH_ARRAYS = List.of("none", "9 5", "2 4");

  private static final Map<String, Style> FIXED =
      Map.ofEntries(
          Map.entry("sgd", new Style(0, 0)),
          Map.entry("adamw", new Style(1, 0)),
          Map.entry("cocob", new Style(2, 0)),
          Map.entry("dadapt_adamw", new Style(3, 0)),
          Map.entry("prodigy", new Style(4, 0)),
          Map.entry("mechanize", new Style(5, 0)),
          Map.entry("sam", new Style(6, 0)),
          Map.entry("dpsgd", new Style(7, 0)),
          Map.entry("split_real_and_imaginary", new Style(0, 1)),
          Map.entry("adam", new Style(1, 1)),
          Map.entry("adagrad", new Style(2, 1)),
          Map.entry("rmsprop", new Style(3, 1)),
          Map.entry("chain", new Style(4, 1)),
          Map.entry("noisy_sgd", new Style(5, 1)),
          Map.entry("lion", new Style(6, 1)),
          Map.entry("multi_steps", new Style(7, 1)));

  /**
   * How a line looks.
   *
   * @param hue the index of the color
   * @param dash 0 for a solid line, 1 for dashes, 2 for dots
   */
  record Style(int hue, int dash) {
    /** Returns the color on a light page. */
    String color() {
      return LIGHT.get(hue);
    }

    /** Returns the dashes of a line of width 2 in SVG. */
    String dashArray() {
      return DASH_ARRAYS.get(dash);
    }
  }

  private Palette() {}

  /** Returns the styles of lines with these labels, in the same order. */
  static List<Style> of(List<String> labels) {
    List<Style> styles = new ArrayList<>();
    Set<Style> used = new HashSet<>();
    for (String label : labels) {
      Style style = free(preferred(label), used);
      used.add(style);
      styles.add(style);
    }
    return styles;
  }

  /** Returns the style of an optimizer: a fixed one, or one that its name alone determines. */
  private static Style preferred(String label) {
    String name = label.replaceFirst("[^\\w].*", "");
    Style fixed = FIXED.get(name);
    int hash = Math.floorMod(name.hashCode(), HUES * DASHES);
    return fixed != null ? fixed : new Style(hash % HUES, hash / HUES);
  }

  /** Returns the style, or the next one with another dash, then another color, that is free. */
  private static Style free(Style wanted, Set<Style> used) {
    for (int i = 0; i < HUES * DASHES; i++) {
      Style style =
          new Style((wanted.hue() + i / DASHES) % HUES, (wanted.dash() + i % DASHES) % DASHES);
      if (!used.contains(style)) {
        return style;
      }
    }
    return wanted;
  }
}
