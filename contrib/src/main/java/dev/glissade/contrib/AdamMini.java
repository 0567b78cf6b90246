package dev.glissade.contrib;

import dev.glissade.Axes;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Structure.Leaf;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.Moments;
import dev.glissade.transform.ScaleBySchedule.ScaleByScheduleState;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adam-mini: AdamW with one second moment for each block of parameters, which halves the memory of
 * its state (Zhang et al., "Adam-mini: Use Fewer Learning Rates To Gain More", 2024, arXiv
 * 2406.16793). A block is what feeds one output unit of a layer: a row of a weight (out, in), a
 * column of a weight (in, out), and all of a leaf with fewer than two axes, such as a bias:
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g      nu <- b2 nu + (1 - b2) mean(g^2), the mean over each block
 * u = -learningRate (mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t)) + eps) + weightDecay x)
 * }</pre>
 *
 * <p>Use it with AdamW's hyperparameters. The authors take blocks of whole heads for queries and
 * keys, which are a few rows together; rows are their finer choice for all else. The rows of an
 * embedding are its tokens: give such leaves an Adam-mini of the other layout by {@code partition}.
 * Optax has no counterpart. Gradients are {@linkplain Tree#squarable made squarable}, and moments
 * of 16-bit parameters are float32.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moments, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param mask accepts the paths of the leaves that decay; null for all leaves
 * @param layout which axis of a weight is the output: OUT_IN for PyTorch and DJL
 */
@Withers
public record AdamMini(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> mask,
    WeightLayout layout)
    implements GradientTransformation<AdamMini.AdamMiniState>, AdamMiniWithers {

  /**
   * The state of {@link AdamMini}.
   *
   * @param count the number of steps taken
   * @param mu the first moment, not debiased
   * @param nu the second moment of each block, not debiased, in leaves of length 1 along all other
   *     axes
   */
  public record AdamMiniState(Scalar count, Tree mu, Tree nu) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @param weightDecay any schedule
   * @param mask any predicate, or null
   * @param layout any layout
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdamMini {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns Adam-mini with b1 = 0.9, b2 = 0.999, eps = 1e-8, weightDecay = 1e-4 on all leaves, and
   * weights whose last axis is the output.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static AdamMini of(Schedule learningRate) {
    return new AdamMini(
        learningRate, 0.9, 0.999, 1e-8, new ConstantSchedule(1e-4), null, WeightLayout.IN_OUT);
  }

  @Override
  public AdamMiniState initialState(Tree x) {
    Tree zeros = x.zeros();
    return new AdamMiniState(Scalar.of(0), zeros, zeros.sumOver(this::block));
  }

  /** Returns the axes of a leaf along which a block extends; none of a leaf without elements. */
  private int[] block(Leaf leaf) {
    if (leaf.shape().contains(0)) {
      return new int[0];
    }
    if (leaf.shape().size() < 2) {
      return Axes.all().of(leaf);
    }
    return Axes.allBut(layout == WeightLayout.OUT_IN ? 0 : -1).of(leaf);
  }

  @Override
  public Step<AdamMiniState> step(Tree updates, AdamMiniState state, Tree x, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree g = updates.squarable();
    Tree mu = Moments.termwise(state.mu(), b1, g);
    // nu <- b2 nu + (1 - b2) mean(g^2) of each block
    Tree nu = Moments.termwise(state.nu(), b2, g.square().meanOver(this::block));
    Tree root = Moments.debiased(nu, b2, t).sqrt().plus(eps);
    Tree inverse = root.greaterThan(0).choose(root.fill(1).dividedBy(root), root);
    Tree adam = Moments.debiased(mu, b1, t).times(inverse.broadcast(mu));
    Tree decayed =
        new AddDecayedWeights(weightDecay, mask)
            .step(adam, new ScaleByScheduleState(state.count()), x, extras)
            .updates();
    return Step.of(Descent.by(decayed, learningRate, state.count()), new AdamMiniState(t, mu, nu));
  }
}
