package dev.glissade.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws lines over steps to an SVG file, for the pages of the gallery. */
final class LineChart {
  private static final String[] COLORS = {
    "#0072b2", "#56b4e9", "#009e73", "#e69f00", "#cc79a7", "#000000"
  };
  private static final int LEFT = 60;
  private static final int RIGHT = 490;
  private static final int TOP = 40;
  private static final int BOTTOM = 280;
  private static final int POINTS = 100;

  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final List<String> parts = new ArrayList<>();
  private int lines;

  /** A chart from low to high, which are powers of ten on a logarithmic axis. */
  LineChart(String title, double low, double high, boolean logarithmic) {
    this.low = low;
    this.high = high;
    this.logarithmic = logarithmic;
    text(LEFT, 20, "#000", title);
    text(LEFT + 200, BOTTOM + 35, "#555", "step");
  }

  /** Adds a line of at least two values at equal distances. */
  void line(String name, List<Double> values) {
    String color = COLORS[lines % COLORS.length];
    List<String> points = new ArrayList<>();
    int last = values.size() - 1;
    for (int point = 0; point <= Math.min(POINTS, last); point++) {
      double share = (double) point / Math.min(POINTS, last);
      points.add(x(share) + "," + y(values.get((int) Math.round(share * last))));
    }
    parts.add(
        "<polyline fill='none' stroke='%s' stroke-width='2' points='%s'/>"
            .formatted(color, String.join(" ", points)));
    text(RIGHT + 10, TOP + 5 + 20 * lines++, color, name);
  }

  /** Writes the chart to the file that the program's first argument names, if there is one. */
  void save(String[] args, int steps) throws IOException {
    for (double share : new double[] {0, 0.25, 0.5, 0.75, 1}) {
      double value = logarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
      text(5, y(value) + 4, "#555", label(value));
      text(x(share) - 10, BOTTOM + 20, "#555", String.valueOf(Math.round(share * steps)));
      parts.add("<path d='M%d %dH%d' stroke='#ddd'/>".formatted(LEFT, y(value), RIGHT));
    }
    if (args.length > 0) {
      String head = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 320'";
      String background = "<rect width='640' height='320' fill='#fff'/>";
      Files.writeString(
          Path.of(args[0]),
          "%s font-family='sans-serif' font-size='13'>%n%s%n%s%n</svg>%n"
              .formatted(head, background, String.join("\n", parts)));
    }
  }

  private void text(long x, long y, String color, String text) {
    parts.add("<text x='%d' y='%d' fill='%s'>%s</text>".formatted(x, y, color, text));
  }

  private static long x(double share) {
    return LEFT + Math.round(share * (RIGHT - LEFT));
  }

  private long y(double value) {
    double within = Math.max(low, Math.min(high, value));
    double share =
        logarithmic ? Math.log(within / low) / Math.log(high / low) : (within - low) / (high - low);
    return BOTTOM - Math.round(share * (BOTTOM - TOP));
  }

  private static String label(double value) {
    String form = value == 0 || value >= 1e-2 ? "%.3f" : "%.2e"; // "20", "0.05", "1e-6"
    String text = String.format(Locale.ROOT, form, value);
    return text.replaceFirst("\\.?0+(?=e|$)", "").replace("e-0", "e-");
  }
}
