package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.text.Text;
import dev.glissade.contrib.DifferentiallyPrivateAggregate;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.privacy.PoissonSampler;
import dev.glissade.privacy.accounting.RenyiAccountant;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs an optimizer with clipping and noise in a comparison: on batches drawn by Poisson sampling,
 * and with the expected batch size as divisor, so that the run has an epsilon.
 */
public final class PrivacyMechanism {
  /** The default delta. */
  public static final double DELTA = 1e-5;

  private final @Nullable DifferentiallyPrivateAggregate aggregate;
  private final int examples;
  private final double q;
  private final SplittableRandom seeds;

  private PrivacyMechanism(
      @Nullable DifferentiallyPrivateAggregate aggregate, int examples, double q, long seed) {
    this.aggregate = aggregate;
    this.examples = examples;
    this.q = q;
    this.seeds = new SplittableRandom(~seed);
  }

  static PrivacyMechanism of(
      GradientTransformation<?> optimizer, int examples, int batch, long seed) {
    List<DifferentiallyPrivateAggregate> found =
        new ArrayList<>(Records.parts(optimizer, DifferentiallyPrivateAggregate.class));
    Records.parts(optimizer, Dpsgd.class).forEach(dpsgd -> found.add(dpsgd.aggregate()));
    boolean isPrivate = found.size() == 1 && found.get(0).noiseMultiplier() > 0;
    double q = Math.min(1, (double) batch / examples);
    return new PrivacyMechanism(isPrivate ? found.get(0) : null, examples, q, seed);
  }

  /**
   * Sets the expected batch size of a dpsgd that has none: its divisor must not depend on the data.
   */
  static GradientTransformation<?> withDivisor(GradientTransformation<?> optimizer, int batch) {
    return optimizer instanceof Dpsgd dpsgd
            && dpsgd.noiseMultiplier() > 0
            && dpsgd.expectedBatchSize() == null
        ? dpsgd.expectedBatchSize((double) batch)
        : optimizer;
  }

  boolean isPrivate() {
    return aggregate != null;
  }

  /** Draws the examples of the next batch. */
  int[] batch() {
    return new PoissonSampler(examples, q, new SplittableRandom(seeds.nextLong())).next();
  }

  /** Skips batches, to resume after them. */
  void skip(int batches) {
    for (int i = 0; i < batches; i++) {
      seeds.nextLong();
    }
  }

  /** Returns an upper bound of epsilon by Renyi orders; NaN if the run has none. */
  double epsilon(long steps) {
    if (aggregate == null || aggregate.expectedBatchSize() == null) {
      return Double.NaN;
    }
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(new SampledGaussian(q, aggregate.noiseMultiplier(), steps));
    return accountant.epsilon(DELTA).epsilon();
  }

  /** Returns these notes and one about the epsilon. */
  List<String> notes(List<String> others) {
    if (aggregate == null) {
      return others;
    }
    List<String> notes = new ArrayList<>(others);
    notes.add(
        aggregate.expectedBatchSize() == null
            ? "No epsilon: without expected_batch_size, the divisor is the size of the batch."
            : String.format(
                Locale.ROOT,
                "Epsilon holds at delta %s for adding or removing one example (by Renyi orders, on"
                    + " Poisson-sampled batches), if the noise were secret. It does not count what the"
                    + " scaling of columns or pixels by the train part and the lists of words and"
                    + " classes reveal.",
                Text.number(DELTA)));
    return notes;
  }
}
