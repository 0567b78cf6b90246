package dev.glissade.examples;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Chain;
import dev.glissade.transform.Transforms;
import dev.glissade.withers.Withers;

/**
 * An optimizer of your own: sign momentum, where m becomes beta m + (1 - beta) g and the updates
 * are the signs of m.
 *
 * <p>One record holds its hyperparameters, another its state, and one method defines a step. The
 * program chains it with clipping and weight decay, and the whole chain runs in place. Prints the
 * minimum that it finds, and how many passes over memory a step takes: one for the norm of the clip
 * and one for all the rest.
 *
 * @param beta the decay of the momentum
 */
@Withers // generates CustomOptimizerWithers, which has beta(double): a copy with another beta
public record CustomOptimizer(double beta)
    implements GradientTransformation<CustomOptimizer.State>, CustomOptimizerWithers {

  /** The state that a step passes to the next. */
  public record State(Tree momentum) {}

  @Override
  public State initialState(Tree params) {
    return new State(params.zeros());
  }

  @Override
  public Step<State> step(Tree updates, State state, Tree params, Extras extras) {
    Tree momentum = state.momentum().times(beta).plus(updates.times(1 - beta));
    return Step.of(momentum.sign(), new State(momentum));
  }

  public static void main(String[] args) {
    Chain optimizer =
        Transforms.chain(
            Transforms.clipByGlobalNorm(1),
            new CustomOptimizer(0.9).beta(0.8),
            Transforms.addDecayedWeights(1e-3),
            Transforms.scaleByLearningRate(step -> 0.1 / Math.sqrt(1 + step)));
    Stepper<?> stepper = Stepper.of(optimizer, Tree.of("w", Tensor.of(new float[] {3, -2})));
    for (int step = 0; step < 2000; step++) {
      Tree gradients = stepper.params().minus(1).times(2); // of (w - 1)^2
      stepper.step(gradients.evaluate());
    }
    float[] w = stepper.params().get("w").toFloats();
    System.out.printf("minimum: %.2f %.2f%n", w[0], w[1]);
    long passes = stepper.explain().lines().filter(line -> line.startsWith("pass")).count();
    System.out.println("passes over memory: " + passes);
  }
}
