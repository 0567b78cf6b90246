package dev.glissade.privacy;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up clipped gradients one example at a time, using the memory of two trees for a batch of any
 * size, and adds noise once per batch. Divides the sum by the expected size of a batch, which does
 * not depend on the data, as the accountants' proofs require.
 *
 * <p>With {@link SecureNoise} the sum is exact: the aggregator rounds each clipped gradient to a
 * grid whose step is between 2^-20 and 2^-19 of the clip C, and adds whole numbers of steps without
 * rounding, even in float32. So an example affects the sum only by its clipped and rounded
 * gradient. Its norm can exceed C by half a step for each element and by the error of a norm
 * computed in floats; the noise is increased accordingly.
 *
 * <p>Not thread-safe.
 */
public final class PrivateAggregator {
  /** Bounds the relative error of a norm of 2^15 squares added in float32 in any order. */
  private static final double NORM_ERROR = 0x1p-10;

  private static final double DOUBLE_NORM_ERROR = 0x1p-36;

  /** Below this, NORM_ERROR does not hold in float32, because squares below 1e-38 are lost. */
  private static final double SMALLEST_CLIP = 1e-12;

  private static final double LARGEST_CLIP = 1e30;

  private final Clipping clipping;
  private final double noiseMultiplier;
  private final double expectedBatch;
  private final Noise noise;
  private final Structure form;
  private final ClippedSum sum;
  private final SplittableRandom batches = new SplittableRandom();
  private double l2NormClip;
  private ClippedSum.Terms terms;
  private @Nullable Consumer<NormReport> listener;

  /**
   * Creates an aggregator.
   *
   * @param params parameters whose paths, shapes and types the gradients have; all must be real
   * @param clipping how each example's gradient is clipped
   * @param noiseMultiplier the noise's standard deviation over the sensitivity; 0 for no noise
   * @param expectedBatch the sampling rate times the number of examples, positive
   * @param noise where the noise comes from
   * @throws IllegalArgumentException if an argument breaks its rule; with secret noise also if the
   *     clip is not from 1e-12 to 1e30, or the noise multiplier too large for the number of
   *     elements
   */
  public PrivateAggregator(
      Tree params, Clipping clipping, double noiseMultiplier, double expectedBatch, Noise noise) {
    this.clipping = clipping;
    this.noiseMultiplier = Check.notNegative("noiseMultiplier", noiseMultiplier);
    this.expectedBatch = Check.positive("expectedBatch", expectedBatch);
    this.noise = noise;
    this.form = params.structure().computed();
    for (String path : form.paths()) {
      Check.that(
          !form.leaf(path).dtype().isComplex(),
          "params[\"" + path + "\"] must be real",
          form.leaf(path).dtype());
    }
    if (clipping instanceof Clipping.Adaptive adaptive) {
      adaptive.gradientNoise(noiseMultiplier);
    }
    this.l2NormClip = checked(clipping.l2NormClip());
    this.terms = nextTerms();
    this.sum = new ClippedSum(params, terms);
  }

  private boolean isExact() {
    return noise.isSecret() && noiseMultiplier > 0;
  }

  /** {@return the clip C of the current batch} */
  public double l2NormClip() {
    return l2NormClip;
  }

  /** Sets the clip, at the beginning of a batch. */
  void l2NormClip(double clip) {
    l2NormClip = checked(clip);
    begin();
  }

  /** Begins another batch with the current clip. */
  private void begin() {
    terms = nextTerms();
    sum.begin(terms);
  }

  private double checked(double clip) {
    if (isExact() && !(clip >= SMALLEST_CLIP && clip <= LARGEST_CLIP)) {
      throw new IllegalArgumentException(
          "l2NormClip must be from 1e-12 to 1e30 for secure noise, but was " + clip);
    }
    sensitivity(clip);
    return clip;
  }

  /** Returns what the sums of the parts of a batch have in common. */
  ClippedSum.Terms terms() {
    return terms;
  }

  private ClippedSum.Terms nextTerms() {
    double grid = isExact() ? step(l2NormClip) : 0;
    return new ClippedSum.Terms(clipping, l2NormClip, grid, listener != null, batches.nextLong());
  }

  /** Returns the gradients' noise multiplier. */
  private double gradientNoise() {
    return clipping instanceof Clipping.Adaptive adaptive
        ? adaptive.gradientNoise(noiseMultiplier)
        : noiseMultiplier;
  }

  /**
   * Returns the grid's step: a power of two of which 2^19 to 2^20 are C; larger if the noise is
   * large.
   */
  private double step(double clip) {
    double finest = Math.max(clip * 0x1p-19, gradientNoise() * clip * 0x1p-21);
    return Math.scalb(1.0, Math.getExponent(finest));
  }

  /** Returns the largest norm that one example can add to the sum, with all rounding. */
  double sensitivity() {
    return sensitivity(l2NormClip);
  }

  private double sensitivity(double clip) {
    double rounding = isExact() ? Math.sqrt((double) form.size()) * step(clip) / 2 : 0;
    if (rounding >= clip / 2) {
      throw new IllegalArgumentException(
          "noiseMultiplier must be less than 2^21 / sqrt(%d), for that many elements, but was %s"
              .formatted(form.size(), noiseMultiplier));
    }
    boolean floats = form.paths().stream().anyMatch(p -> form.leaf(p).dtype() == DType.FLOAT32);
    double error = isExact() ? floats ? NORM_ERROR : DOUBLE_NORM_ERROR : 0;
    return clip * (1 + error) + rounding;
  }

  /**
   * Reports the norms of each batch's gradients before clipping. <b>These norms are not
   * private</b>: see {@link NormReport}. With secret noise, this logs a warning.
   *
   * @param listener receives the report of each batch
   */
  public void reportNorms(Consumer<NormReport> listener) {
    if (noise.isSecret()) {
      System.getLogger(PrivateAggregator.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the norms of single examples' gradients are being reported, and no epsilon covers"
                  + " that");
    }
    this.listener = listener;
    begin();
  }

  /**
   * Sets how many threads work on gradients of over a million elements; see {@link
   * dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public PrivateAggregator threads(int threads) {
    sum.threads(threads);
    return this;
  }

  /**
   * Clips one example's gradient and adds it.
   *
   * @param gradient a tree with the parameters' paths, shapes and computed types, without a batch
   *     axis
   * @throws IllegalArgumentException if the gradient does not match the parameters, or if a batch
   *     with secret noise has more than 2^19 examples
   */
  public void add(Tree gradient) {
    sum.add(gradient);
  }

  /**
   * Adds the sum of a part of the batch.
   *
   * @param part a sum on this batch's terms, which keeps its value
   * @throws IllegalArgumentException if the part's terms are others, or if a batch with secret
   *     noise has more than 2^19 examples
   */
  void add(ClippedSum part) {
    sum.add(part);
  }

  /** {@return the number of examples added since the last result} */
  public long examples() {
    return sum.examples();
  }

  /** Returns one leaf of the sum, for tests. */
  double[] exactSum(String path) {
    double[] numbers = sum.low().get(path).toDoubles();
    Tree high = sum.high();
    for (int i = 0; high != null && i < numbers.length; i++) {
      numbers[i] += high.get(path).get(i);
    }
    return numbers;
  }

  /**
   * Returns (sum + noise) / expectedBatch, the noisy mean gradient for an optimizer, and begins a
   * new batch.
   *
   * @return a tree with the parameters' paths, shapes and computed types
   */
  public Tree result() {
    double deviation = gradientNoise() * sensitivity();
    Tree low = sum.low();
    Tree noised =
        deviation == 0 ? low : noise.added(low, sum.high(), deviation, step(l2NormClip), form);
    Tree mean = noised.dividedBy(expectedBatch).evaluate();
    double next =
        clipping instanceof Clipping.Adaptive adaptive
            ? within(adaptive.next(l2NormClip, noisedCount(adaptive), expectedBatch))
            : l2NormClip;
    if (listener != null) {
      listener.accept(new NormReport(sum.norms(), sum.examples(), l2NormClip));
    }
    l2NormClip(next);
    return mean;
  }

  private static double within(double clip) {
    return Math.max(SMALLEST_CLIP, Math.min(LARGEST_CLIP, clip));
  }

  /** Returns half of (norms at most the clip - norms above the clip), plus noise. */
  private double noisedCount(Clipping.Adaptive adaptive) {
    double count = sum.below() - sum.examples() / 2.0;
    if (noiseMultiplier == 0) {
      return count;
    }
    double step = Math.scalb(1.0, Math.getExponent(Math.min(0.5, adaptive.countNoise() * 0x1p-21)));
    Tree one = Tree.of("count", Tensor.scalar(count));
    Tree noised = noise.added(one, null, adaptive.countNoise(), step, one.structure());
    return noised.get("count").get(0);
  }

  /** Drops everything added since the last result. */
  public void discard() {
    begin();
  }
}
