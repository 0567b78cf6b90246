package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Prodigy.ProdigyState;
import org.junit.jupiter.api.Test;

/** What the recorded cases, whose eps is small and which have no masks, leave open. */
class ProdigyTest {

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  /** By hand: b1 = b2 = b3 = 0.5, d = 2, d0 = 1, lr = 1, at the first step. */
  @Test
  void theRaisedEstimateScalesEps() {
    Prodigy prodigy = Contrib.prodigy().betas(new Betas(0.5, 0.5)).beta3(0.5).estimLr0(1).eps(10);
    ProdigyState state =
        new ProdigyState(one(0), one(0), one(0), one(4), Scalar.of(2), Scalar.of(0), Scalar.of(0));
    Step<ProdigyState> step = prodigy.update(one(3), state, one(1));
    // L = d sqrt(1 - b2) / (1 - b1)
    double rate = 2 * Math.sqrt(0.5) / 0.5;
    // r = (d / d0) L <g, x0 - x> = 2 L 3 (4 - 1);  s = (d / d0) L g = 2 L 3;  d' = r / s
    double raised = 3;
    assertThat(step.state().estimLr().value()).isCloseTo(raised, offset(1e-12));
    // m = (1 - b1) d g;  v = (1 - b2) (d g)^2;  u = -L m / (sqrt(v) + d' eps)
    double update = -rate * 3 / (Math.sqrt(18) + raised * 10);
    assertThat(step.updates().get("w").get(0)).isCloseTo(update, offset(1e-12));
  }

  @Test
  void onlyLeavesOfTheMaskDecay() {
    Tree params =
        Tree.of("kernel", Tensor.of(new double[] {5}), "bias", Tensor.of(new double[] {5}));
    Tree gradients = params.zeros().plus(1).evaluate();
    Prodigy plain = Contrib.prodigy();
    Prodigy decaying = plain.weightDecay(0.5).weightDecayMask(path -> path.equals("kernel"));
    Tree with = decaying.update(gradients, decaying.init(params), params).updates();
    Tree without = plain.update(gradients, plain.init(params), params).updates();
    assertThat(with.get("bias").get(0)).isEqualTo(without.get("bias").get(0));
    // L = 1e-6 sqrt(1 - b2) / (1 - b1)
    double decay = 1e-6 * Math.sqrt(1e-3) / 0.1 * 0.5 * 5;
    assertThat(without.get("kernel").get(0) - with.get("kernel").get(0))
        .isCloseTo(decay, offset(1e-17));
  }
}
