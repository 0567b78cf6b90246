package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;

/**
 * Trains the head of a model with a frozen encoder, then the whole model.
 *
 * <p>{@code freeze} comes last in the chain, so that weight decay does not move the encoder either.
 * To unfreeze the encoder, another stepper continues with the same params and state: {@code
 * freeze()} without patterns freezes nothing and has a state of the same form. Prints the params at
 * the start, after the first phase and after the second.
 */
public final class FreezeALayer {
  private FreezeALayer() {}

  public static void main(String[] args) {
    Tree start =
        Tree.of(
            "encoder/kernel", Tensor.of(new float[] {3, -2}),
            "head/kernel", Tensor.of(new float[] {1, 2}));
    print("at the start", start);

    Chain frozen = Transforms.chain(Optimizers.adamw(0.1), Transforms.freeze("encoder/*"));
    Stepper<ChainState> first = Stepper.of(frozen, start);
    train(first);
    print("frozen", first.params());

    Chain free = Transforms.chain(Optimizers.adamw(0.1), Transforms.freeze());
    Stepper<ChainState> second =
        Stepper.resuming(free, first.params(), first.state(), first.steps());
    train(second);
    print("unfrozen", second.params());
    System.out.println("steps: " + second.steps());
  }

  private static void print(String when, Tree params) {
    float[] encoder = params.get("encoder/kernel").toFloats();
    float[] head = params.get("head/kernel").toFloats();
    System.out.printf(
        "%-13s encoder %5.2f %5.2f  head %5.2f %5.2f%n",
        when, encoder[0], encoder[1], head[0], head[1]);
  }

  private static void train(Stepper<?> stepper) {
    for (int step = 0; step < 30; step++) {
      stepper.step(stepper.params().times(2).evaluate()); // the gradient of the sum of squares
    }
  }
}
