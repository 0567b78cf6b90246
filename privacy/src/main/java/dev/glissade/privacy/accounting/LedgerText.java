package dev.glissade.privacy.accounting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes and reads steps as one line of text, independent of the locale. */
final class LedgerText {
  private static final Pattern POISSON =
      Pattern.compile("poisson rate=(\\S+) noise=(\\S+) count=(\\d{1,19})");
  private static final Pattern SHUFFLED =
      Pattern.compile(
          "shuffled examples=(\\d{1,19}) batch=(\\d{1,19}) noise=(\\S+) count=(\\d{1,19})");

  private LedgerText() {}

  static String of(GaussianSteps steps) {
    String kind =
        steps instanceof ShuffledGaussian shuffled
            ? "shuffled examples=" + shuffled.examples() + " batch=" + shuffled.batch()
            : "poisson rate=" + steps.bound().samplingRate();
    return kind + " noise=" + steps.noiseMultiplier() + " count=" + steps.count();
  }

  /**
   * Parses a line that {@link #of} wrote.
   *
   * @throws IllegalArgumentException if the line has another form, or a number is out of range
   */
  static GaussianSteps parse(String line) {
    Matcher poisson = POISSON.matcher(line);
    if (poisson.matches()) {
      return new SampledGaussian(
          Double.parseDouble(poisson.group(1)),
          Double.parseDouble(poisson.group(2)),
          Long.parseLong(poisson.group(3)));
    }
    Matcher shuffled = SHUFFLED.matcher(line);
    if (shuffled.matches()) {
      return new ShuffledGaussian(
          Long.parseLong(shuffled.group(1)),
          Long.parseLong(shuffled.group(2)),
          Double.parseDouble(shuffled.group(3)),
          Long.parseLong(shuffled.group(4)));
    }
    throw new IllegalArgumentException("a record must be a kind of steps, but was " + line);
  }
}
