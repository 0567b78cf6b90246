package dev.glissade.privacy;

import dev.glissade.DType;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up clipped gradients one example at a time, in the memory of two trees whatever the batch,
 * and draws one noise for the whole of it. The sum is divided by the expected size of a batch, a
 * number that does not depend on the data, as the accountants' proofs want it.
 *
 * <p>With {@link SecureNoise} the sum is exact: each clipped gradient is rounded to a grid of steps
 * between 2^-20 and 2^-19 of the clip C, and whole numbers of steps are added without rounding, in
 * float32 too. So the sum depends on one example by its clipped and rounded gradient alone. The
 * noise is made larger by what that can have more than C: half a step for each element, and the
 * largest error of a norm that is computed in floats.
 *
 * <p>Not for use by two threads at once.
 */
public final class PrivateAggregator {
  /** After so many examples of at most 2^20 steps a float needs its {@link CarryPropagation}. */
  private static final int EXAMPLES_PER_CARRY = 15;

  /** What two floats hold. */
  private static final int MOST_EXAMPLES = 1 << 19;

  /** The relative error of a norm, whatever the order in which 2^15 squares are added in float. */
  private static final double NORM_ERROR = 0x1p-10;

  private static final double DOUBLE_NORM_ERROR = 0x1p-36;

  /** Norms of floats are known to NORM_ERROR from here on: squares below 1e-38 are lost. */
  private static final double SMALLEST_CLIP = 1e-12;

  private static final double LARGEST_CLIP = 1e30;

  private final Clipping clipping;
  private final double noiseMultiplier;
  private final double expectedBatch;
  private final Noise noise;
  private final Structure form;
  private final Tree low;
  private final Stepper<ClippedSum.Tally> adding;
  private final @Nullable Stepper<CarryPropagation.High> carry;

  private double l2NormClip;
  private int examples;
  private double @Nullable [] norms;
  private @Nullable Consumer<NormReport> listener;

  /**
   * An aggregator of gradients of this form.
   *
   * @param params for their form
   * @param noiseMultiplier the noise's standard deviation over the sensitivity; 0 for none
   * @param expectedBatch the sampling rate times the number of examples
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
    this.low = params.zeros().as(form).evaluate();
    this.adding = Stepper.borrowing(new ClippedSum(clipping), low);
    this.carry = isExact() ? Stepper.borrowing(new CarryPropagation(), low) : null;
    if (clipping instanceof Clipping.Adaptive adaptive) {
      adaptive.gradientNoise(noiseMultiplier);
    }
    l2NormClip(clipping.l2NormClip());
  }

  private boolean isExact() {
    return noise.isSecret() && noiseMultiplier > 0;
  }

  /** The clip of the batch that is added up now. */
  public double l2NormClip() {
    return l2NormClip;
  }

  /** Goes on with another clip, at the beginning of a batch, as after a resumption. */
  void l2NormClip(double clip) {
    if (isExact() && !(clip >= SMALLEST_CLIP && clip <= LARGEST_CLIP)) {
      throw new IllegalArgumentException(
          "l2NormClip must be from 1e-12 to 1e30 for secure noise, but was " + clip);
    }
    l2NormClip = clip;
    sensitivity();
    Scalar none = Scalar.of(0);
    Scalar step = isExact() ? Scalar.of(step()) : none;
    adding.updateState(tally -> new ClippedSum.Tally(Scalar.of(clip), step, none, none));
    if (carry != null) {
      carry.updateState(state -> new CarryPropagation.High(state.high(), step));
    }
  }

  /** The gradients' standard deviation over the sensitivity. */
  private double gradientNoise() {
    return clipping instanceof Clipping.Adaptive adaptive
        ? adaptive.gradientNoise(noiseMultiplier)
        : noiseMultiplier;
  }

  /** Of the grid: a power of two of which 2^19 to 2^20 are C, or less if the noise is large. */
  private double step() {
    double finest = Math.max(l2NormClip * 0x1p-19, gradientNoise() * l2NormClip * 0x1p-21);
    return Math.scalb(1.0, Math.getExponent(finest));
  }

  /** Returns the largest norm that one example adds to the sum as it is computed. */
  double sensitivity() {
    double rounding = isExact() ? Math.sqrt((double) form.size()) * step() / 2 : 0;
    if (rounding >= l2NormClip / 2) {
      throw new IllegalArgumentException(
          "noiseMultiplier must be less than 2^21 / sqrt(%d), for that many elements, but was %s"
              .formatted(form.size(), noiseMultiplier));
    }
    boolean floats = form.paths().stream().anyMatch(p -> form.leaf(p).dtype() == DType.FLOAT32);
    double error = isExact() ? floats ? NORM_ERROR : DOUBLE_NORM_ERROR : 0;
    return l2NormClip * (1 + error) + rounding;
  }

  /**
   * Lets somebody see the norms of each batch. <b>What is seen is not private</b>: see {@link
   * NormReport}. With secret noise a warning is logged.
   */
  public void reportNorms(Consumer<NormReport> listener) {
    if (noise.isSecret()) {
      System.getLogger(PrivateAggregator.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "norms of single examples' gradients are reported; no epsilon counts them");
    }
    this.listener = listener;
    this.norms = new double[16];
  }

  /**
   * Lets this many threads work on gradients of over a million elements; see {@link
   * Stepper#threads}.
   *
   * @return this aggregator
   */
  public PrivateAggregator threads(int threads) {
    adding.threads(threads);
    if (carry != null) {
      carry.threads(threads);
    }
    return this;
  }

  /**
   * Clips one example's gradient and adds it.
   *
   * @throws IllegalArgumentException if it is not of the parameters' form, as a batch's gradients
   *     are not
   */
  public void add(Tree gradient) {
    if (examples == MOST_EXAMPLES && carry != null) {
      throw new IllegalArgumentException(
          "a batch must have at most 2^19 examples with secure noise, but had one more");
    }
    adding.step(gradient);
    examples++;
    if (carry != null && examples % EXAMPLES_PER_CARRY == 0) {
      carry.step(gradient);
    }
    if (norms != null) {
      norms = examples > norms.length ? Arrays.copyOf(norms, 2 * examples) : norms;
      norms[examples - 1] = adding.liveState().norm().value();
    }
  }

  /** How many examples were added since the last result. */
  public long examples() {
    return examples;
  }

  /** One leaf of the sum, for tests. */
  double[] exactSum(String path) {
    double[] sum = low.get(path).toDoubles();
    for (int i = 0; carry != null && i < sum.length; i++) {
      sum[i] += carry.liveState().high().get(path).get(i);
    }
    return sum;
  }

  /** (sum + noise) / expectedBatch, for an optimizer; then begins anew. */
  public Tree result() {
    double deviation = gradientNoise() * sensitivity();
    Tree high = carry == null ? null : carry.liveState().high();
    Tree noised = deviation == 0 ? low : noise.added(low, high, deviation, step(), form);
    Tree mean = noised.dividedBy(expectedBatch).evaluate();
    double next =
        clipping instanceof Clipping.Adaptive adaptive
            ? within(adaptive.next(l2NormClip, noisedCount(adaptive), expectedBatch))
            : l2NormClip;
    if (listener != null && norms != null) {
      listener.accept(new NormReport(norms, examples, l2NormClip));
    }
    discard();
    l2NormClip(next);
    return mean;
  }

  private static double within(double clip) {
    return Math.max(SMALLEST_CLIP, Math.min(LARGEST_CLIP, clip));
  }

  /** How many more norms were below the clip than above it, halved, and noise. */
  private double noisedCount(Clipping.Adaptive adaptive) {
    double count = adding.liveState().below().value() - examples / 2.0;
    if (noiseMultiplier == 0) {
      return count;
    }
    double step = Math.scalb(1.0, Math.getExponent(Math.min(0.5, adaptive.countNoise() * 0x1p-21)));
    Tree one = Tree.of("count", Tensor.scalar(count));
    Tree noised = noise.added(one, null, adaptive.countNoise(), step, one.structure());
    return noised.get("count").get(0);
  }

  /** Forgets what was added since the last result. */
  public void discard() {
    clear(low);
    if (carry != null) {
      clear(carry.liveState().high());
    }
    examples = 0;
    l2NormClip(l2NormClip);
  }

  private static void clear(Tree own) {
    for (String path : own.paths()) {
      Object array = own.get(path).array();
      if (array instanceof float[] floats) {
        Arrays.fill(floats, 0);
      } else {
        Arrays.fill((double[]) array, 0);
      }
    }
  }
}
