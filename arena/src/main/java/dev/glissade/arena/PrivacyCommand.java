package dev.glissade.arena;

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
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** States what privacy a training run would have, or the noise that it needs. */
@Command(
    name = "privacy",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    sortOptions = false,
    description = {
      "States the epsilon of a run of dpsgd, or with --target-epsilon the noise multiplier that it"
          + " needs."
    })
final class PrivacyCommand implements Callable<Integer> {
  private static final String TIGHTEST = ", the tightest";
  private static final int RATE_DIGITS = 6;
  private static final int NOISE_DIGITS = 6;
  private static final double NOISE_STEP = 1e-5;

  private static final String ASSUMPTIONS =
      """
      This holds for two data sets of which one has one example more, if each batch is drawn by
      Poisson sampling (each example by itself, with the probability q), if each example's gradient
      is clipped to the norm C and normal noise of deviation noise x C is added to their sum, from a
      generator that nobody can foresee, if the sum is divided by a number that does not depend on
      the data (such as the batch size given here), and if nothing else of the data is published:
      hyperparameters tried out on it count, too. It does not hold for batches of shuffled data.\
      """;

  private static final String ASSUMPTIONS_OF_SHUFFLED =
      """
      No figure of Poisson sampling holds for batches of shuffled data. This holds for two data sets
      of which one has a zero in the place of one example's gradient, if each example is in one
      batch of an epoch at most, if its gradient is clipped to the norm C and normal noise of
      deviation noise x C is added to their sum, from a generator that nobody can foresee, and if
      nothing else of the data is published: hyperparameters tried out on it count, too. Each epoch
      counts as one sum without sampling.\
      """;

  @Option(names = "--examples", paramLabel = "N", required = true, description = "Of the data set.")
  private long examples;

  @Option(
      names = "--batch",
      paramLabel = "B",
      required = true,
      description = "Expected size of a batch; q = B / N.")
  private long batch;

  @ArgGroup(multiplicity = "1")
  private Noise noise = new Noise();

  /** One of the two is given. */
  static final class Noise {
    @Option(
        names = "--noise",
        paramLabel = "S",
        description = "The noise multiplier: standard deviation of the noise over the clip.")
    @Nullable Double multiplier;

    @Option(
        names = "--target-epsilon",
        paramLabel = "E",
        description = "Prints the noise multiplier that keeps this epsilon.")
    @Nullable Double target;
  }

  @Option(
      names = "--epochs",
      paramLabel = "E",
      required = true,
      description = "The run has ceil(E N / B) steps.")
  private double epochs;

  @Option(names = "--delta", paramLabel = "D", required = true, description = "Less than 1 / N.")
  private double delta;

  @Option(
      names = "--shuffled",
      description =
          "For batches of one size from shuffled data, of which much less can be stated than of"
              + " Poisson sampling.")
  private boolean shuffled;

  @Spec private CommandSpec spec = CommandSpec.create();

  PrivacyCommand() {}

  @Override
  public Integer call() {
    Check.that(examples > 0, "--examples must be positive", examples);
    Check.that(batch > 0 && batch <= examples, "--batch must be from 1 to --examples", batch);
    Check.positive("--epochs", epochs);
    Check.that(delta > 0 && delta < 1, "--delta must be between 0 and 1", delta);
    double q = (double) batch / examples;
    double exact = epochs * examples / batch;
    Check.that(exact < 1L << 40, "--epochs must be fewer than 2^40 steps", exact);
    long steps = (long) Math.ceil(exact);
    PrintWriter out = spec.commandLine().getOut();
    double multiplier = multiplier(q, steps);
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
      out.printf("%nWarning: a delta of 1 / N or more allows publishing an example as it is.%n");
    }
    out.flush();
    return 0;
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
          "--noise must be positive, since there is no epsilon without noise",
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

  /** What is printed of a noise that was found, and then holds as it is printed. */
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
        isStated ? more : ", which can state nothing here");
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e9 ? String.valueOf((long) x) : String.valueOf(x);
  }
}
