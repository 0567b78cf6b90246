package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
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
 * How an optimizer with clipping and noise, the mechanism of its privacy, is run beside others: on
 * batches by Poisson sampling and with the expected batch as divisor, so that there is an epsilon
 * to tell.
 */
public final class PrivacyMechanism {
  /** The delta of an epsilon, where no other is asked for. */
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

  /** A dpsgd that has no divisor of its own with one that does not depend on the data. */
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

  /** The next batch's examples. */
  int[] batch() {
    return new PoissonSampler(examples, q, new SplittableRandom(seeds.nextLong())).next();
  }

  /** Goes on behind so many batches. */
  void skip(int batches) {
    for (int i = 0; i < batches; i++) {
      seeds.nextLong();
    }
  }

  /** An upper bound, by Renyi orders; NaN if none can be told. */
  double epsilon(long steps) {
    if (aggregate == null || aggregate.expectedBatchSize() == null) {
      return Double.NaN;
    }
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(new SampledGaussian(q, aggregate.noiseMultiplier(), steps));
    return accountant.epsilon(DELTA).epsilon();
  }

  /** These and what there is to know of the epsilon. */
  List<String> notes(List<String> others) {
    if (aggregate == null) {
      return others;
    }
    List<String> notes = new ArrayList<>(others);
    notes.add(
        aggregate.expectedBatchSize() == null
            ? "No epsilon: the sum is divided by the size of the batch, without expected_batch_size."
            : String.format(
                Locale.ROOT,
                "Epsilon is at delta %s, by Renyi orders, to add or remove one example, on batches by"
                    + " Poisson sampling, and would hold if the noise were secret.",
                DELTA));
    return notes;
  }
}
