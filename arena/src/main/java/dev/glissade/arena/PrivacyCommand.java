package dev.glissade.arena;

import dev.glissade.arena.text.Text;
import dev.glissade.privacy.accounting.BoundFormat;
import dev.glissade.privacy.accounting.GaussianSteps;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.LossDistributionAccountant;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.RenyiAccountant;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.privacy.accounting.ShuffledGaussian;
import dev.glissade.records.Check;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Computes the epsilon of a training run, or the noise that a target epsilon requires. */
@Command(
    name = "privacy",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    sortOptions = false,
    description = {
      "Computes the epsilon of a run of dpsgd or, with --target-epsilon, the noise multiplier that"
          + " it needs."
    })
final class PrivacyCommand implements Callable<Integer> {
  private static final String TIGHTEST = ", the tightest";
  private static final int RATE_DIGITS = 6;
  private static final int NOISE_DIGITS = 6;
  private static final double NOISE_STEP = 1e-5;

  private static final String ASSUMPTIONS =
      """
      This bound compares two data sets that differ by one added or removed example. It holds if:
      - each batch is drawn by Poisson sampling: each example independently with probability q;
      - each example's gradient is clipped to the norm C, and normal noise of standard deviation
        noise x C, from an unpredictable generator, is added to the sum of the gradients;
      - the sum is divided by a number that does not depend on the data, such as this batch size;
      - nothing else about the data is published; hyperparameters tuned on it count, too.
      It does not hold for batches of shuffled data.\
      """;

  private static final String ASSUMPTIONS_OF_SHUFFLED =
      """
      Bounds for Poisson sampling do not hold for batches of shuffled data. This bound compares two
      data sets, one of which has zero in place of one example's gradient. It holds if:
      - each example is in at most one batch of an epoch;
      - each example's gradient is clipped to the norm C, and normal noise of standard deviation
        noise x C, from an unpredictable generator, is added to the sum of the gradients;
      - nothing else about the data is published; hyperparameters tuned on it count, too.
      Each epoch counts as one sum without sampling.\
      """;

  @Option(
      names = "--examples",
      paramLabel = "N",
      required = true,
      description = "The number of examples of the data set.")
  private long examples;

  @Option(
      names = "--batch",
      paramLabel = "B",
      required = true,
      description = "The expected size of a batch; q = B / N.")
  private long batch;

  @ArgGroup(multiplicity = "1")
  private Noise noise = new Noise();

  /** The user passes exactly one of the two. */
  static final class Noise {
    @Option(
        names = "--noise",
        paramLabel = "S",
        description =
            "The noise multiplier: the standard deviation of the noise divided by the clip.")
    @Nullable Double multiplier;

    @Option(
        names = "--target-epsilon",
        paramLabel = "E",
        description = "Computes the noise multiplier that meets this epsilon.")
    @Nullable Double target;
  }

  @Option(
      names = "--epochs",
      paramLabel = "E",
      required = true,
      description = "The number of epochs; the run has ceil(E N / B) steps.")
  private double epochs;

  @Option(
      names = "--delta",
      paramLabel = "D",
      required = true,
      description = "The delta, less than 1 / N.")
  private double delta;

  @Option(
      names = "--shuffled",
      description =
          "Computes the bound for fixed-size batches of shuffled data. It is much larger than with"
              + " Poisson sampling.")
  private boolean shuffled;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  PrivacyCommand() {}

  @Override
  public Integer call() {
    checkOptions();
    double q = (double) batch / examples;
    long steps = (long) Math.ceil(epochs * examples / batch);
    double multiplier = multiplier(q, steps);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Text.json(plain(q, multiplier, steps)));
    } else {
      print(out, q, multiplier, steps);
    }
    out.flush();
    return 0;
  }

  private void checkOptions() {
    Check.that(examples > 0, "--examples must be positive", examples);
    Check.that(batch > 0 && batch <= examples, "--batch must be from 1 to --examples", batch);
    Check.positive("--epochs", epochs);
    Check.that(delta > 0 && delta < 1, "--delta must be between 0 and 1", delta);
    double exact = epochs * examples / batch;
    Check.that(exact < 1L << 40, "--epochs must give fewer than 2^40 steps", exact);
  }

  private void print(PrintWriter out, double q, double multiplier, long steps) {
    out.printf(
        Locale.ROOT,
        "noise %s, batches of %,d of %,d (%s), %,d steps, delta %s%n",
        number(multiplier),
        batch,
        examples,
        shuffled ? "shuffled" : "q = " + rate(),
        steps,
        number(delta));
    print(out, steps(q, multiplier, steps));
    out.println();
    out.println(shuffled ? ASSUMPTIONS_OF_SHUFFLED : ASSUMPTIONS);
    if (delta >= 1.0 / examples) {
      out.printf("%nWarning: a delta of 1 / N or more permits publishing a whole example.%n");
    }
  }

  private Map<String, @Nullable Object> plain(double q, double multiplier, long steps) {
    GaussianSteps all = steps(q, multiplier, steps);
    RenyiAccountant renyi = new RenyiAccountant();
    renyi.add(all);
    LossDistributionAccountant loss = new LossDistributionAccountant();
    loss.add(all);
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("noise_multiplier", multiplier);
    plain.put("examples", examples);
    plain.put("batch", batch);
    plain.put("shuffled", shuffled);
    plain.put("sampling_rate", shuffled ? null : q);
    plain.put("steps", steps);
    plain.put("delta", delta);
    double epsilon = Math.min(renyi.epsilon(delta).epsilon(), loss.epsilon(delta).epsilon());
    plain.put("epsilon", epsilon);
    plain.put(
        "bounds",
        Stream.of(renyi.epsilon(delta), loss.epsilon(delta)).map(PrivacyCommand::plain).toList());
    plain.put("assumptions", (shuffled ? ASSUMPTIONS_OF_SHUFFLED : ASSUMPTIONS).replace("\n", " "));
    return plain;
  }

  private static Map<String, @Nullable Object> plain(Guarantee stated) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("accountant", stated.accountant());
    plain.put("epsilon", stated.epsilon());
    plain.put("order", stated.order());
    return plain;
  }

  /** Returns B / N, rounded up. */
  private String rate() {
    MathContext digits = new MathContext(RATE_DIGITS, RoundingMode.CEILING);
    return BigDecimal.valueOf(batch).divide(BigDecimal.valueOf(examples), digits).toString();
  }

  private GaussianSteps steps(double q, double multiplier, long steps) {
    return shuffled
        ? new ShuffledGaussian(examples, batch, multiplier, (long) Math.ceil(epochs))
        : new SampledGaussian(q, multiplier, steps);
  }

  private double multiplier(double q, long steps) {
    if (noise.multiplier != null) {
      Check.that(
          noise.multiplier > 0 && Double.isFinite(noise.multiplier),
          "--noise must be positive, since no epsilon is finite without noise",
          noise.multiplier);
      return noise.multiplier;
    }
    double target = noise.target == null ? Double.NaN : noise.target;
    SampledGaussian bound = steps(q, 1, steps).bound();
    PrivacyBudget budget = PrivacyBudget.of(Check.positive("--target-epsilon", target), delta);
    double found = rounded(budget.noiseMultiplierFor(bound.samplingRate(), bound.steps()));
    while (!budget.allows(steps(q, found, steps))) {
      found = rounded(found * (1 + NOISE_STEP));
    }
    return found;
  }

  /** Rounds a noise multiplier up to the digits that are printed, so the printed number holds. */
  private static double rounded(double found) {
    return Double.parseDouble(BoundFormat.upperBound(found, NOISE_DIGITS));
  }

  private void print(PrintWriter out, GaussianSteps steps) {
    RenyiAccountant renyi = new RenyiAccountant();
    renyi.add(steps);
    LossDistributionAccountant loss = new LossDistributionAccountant();
    loss.add(steps);
    Guarantee byRenyi = renyi.epsilon(delta);
    Guarantee byLoss = loss.epsilon(delta);
    boolean tighter = byLoss.epsilon() < byRenyi.epsilon();
    print(out, byRenyi, tighter ? "" : TIGHTEST);
    print(out, renyi.epsilonByOlderConversion(delta), "");
    print(out, byLoss, tighter ? TIGHTEST : "");
  }

  private static void print(PrintWriter out, Guarantee stated, String more) {
    boolean isStated = Double.isFinite(stated.epsilon());
    String order = Double.isNaN(stated.order()) ? "" : ", at order " + number(stated.order());
    out.printf(
        Locale.ROOT,
        "epsilon %s  by %s%s%s%n",
        BoundFormat.upperBound(stated.epsilon()),
        stated.accountant(),
        order,
        isStated ? more : ", which has no finite bound here");
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e9 ? String.valueOf((long) x) : String.valueOf(x);
  }
}
