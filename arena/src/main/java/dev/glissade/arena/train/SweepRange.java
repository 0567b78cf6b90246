package dev.glissade.arena.train;

import dev.glissade.arena.report.SweepParameter;
import dev.glissade.catalog.Names;
import dev.glissade.records.Check;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The values of a sweep: {@code learning_rate=1e-5..10}. */
public record SweepRange(SweepParameter parameter, double from, double to) {
  private static final MathContext DIGITS = new MathContext(3);
  private static final Pattern FORM =
      Pattern.compile("\\s*([\\w-]+)\\s*=(.+?)\\.\\.(?!\\.\\d*\\.)(.+)");

  /** Checks that the ends fit the parameter. */
  public SweepRange {
    Check.that(
        Double.isFinite(from) && Double.isFinite(to) && from < to,
        "--over must go from a smaller to a larger number",
        from + ".." + to);
    if (parameter.isLogarithmic()) {
      Check.that(from > 0, "--over " + parameter + " must begin above 0, for equal factors", from);
    }
    if (parameter == SweepParameter.LABEL_NOISE) {
      LabelNoise.check("--over label_noise", from);
      LabelNoise.check("--over label_noise", to);
    }
  }

  /** Parses {@code name=from..to}. */
  public static SweepRange of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--over must be name=from..to, such as learning_rate=1e-5..10, but was " + text);
    }
    return new SweepRange(
        parameter(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3)));
  }

  private static SweepParameter parameter(String name) {
    List<String> known = Arrays.stream(SweepParameter.values()).map(Object::toString).toList();
    String plain = name.toLowerCase(Locale.ROOT).replace('-', '_');
    if (known.contains(plain)) {
      return SweepParameter.valueOf(plain.toUpperCase(Locale.ROOT));
    }
    String hint = Names.nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
    throw new IllegalArgumentException(
        "--over must name one of %s, but was %s%s".formatted(String.join(", ", known), name, hint));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--over must go from one number to another, but had " + text.strip(), e);
    }
  }

  /**
   * Returns this many values from one end to the other, with equal factors or equal distances
   * between them. Rounds them to three digits, so that anybody can repeat a run from what is shown.
   */
  public List<Double> values(int points) {
    Check.atLeast("--points", 2, points);
    List<Double> values =
        IntStream.range(0, points)
            .mapToObj(i -> value((double) i / (points - 1)))
            .distinct()
            .toList();
    Check.that(
        values.size() == points,
        "--points must be few enough for values that differ in three digits",
        points);
    return values;
  }

  private double value(double share) {
    double exact =
        parameter.isLogarithmic() ? from * Math.pow(to / from, share) : from + (to - from) * share;
    return share == 0 ? from : share == 1 ? to : new BigDecimal(exact).round(DIGITS).doubleValue();
  }
}
