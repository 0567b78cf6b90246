package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tribuo.common.sgd.FMParameters;
import org.tribuo.math.la.Tensor;

/** With the same gradients, the same trajectory as the core's. */
class TrajectoryTest {
  private static final int STEPS = 12;

  /** The names of optimizers as they are in the catalog. */
  static List<String> plain() {
    return AllOptimizers.plain().keySet().stream().filter(n -> n.matches("\\w+")).toList();
  }

  /** The others, with options or inside others. */
  static List<String> more() {
    return AllOptimizers.plain().keySet().stream().filter(n -> !n.matches("\\w+")).toList();
  }

  private static Tree tree(Tensor[] tensors, double factor) {
    Map<String, dev.glissade.Tensor> leaves = new LinkedHashMap<>();
    double[][] numbers = Models.numbers(tensors);
    for (int i = 0; i < tensors.length; i++) {
      double[] leaf = numbers[i].clone();
      for (int j = 0; j < leaf.length; j++) {
        leaf[j] *= factor;
      }
      leaves.put(name(i), dev.glissade.Tensor.of(leaf, tensors[i].getShape()));
    }
    return Tree.of(leaves);
  }

  private static String name(int i) {
    return i == 0 ? "bias" : i == 1 ? "weights" : "factors/" + (i - 2);
  }

  @ParameterizedTest
  @Tag("slow")
  @MethodSource("more")
  void isSoWithOptions(String name) {
    isThatOfTheCore(name);
  }

  @ParameterizedTest
  @MethodSource("plain")
  void isThatOfTheCore(String name) {
    GradientTransformation<?> optimizer =
        WeightLayout.OUT_IN.appliedTo(
            Catalog.standard().optimizer(AllOptimizers.plain().get(name)));
    if (optimizer.perExample()) {
      assertThatThrownBy(() -> GlissadeOptimiser.of(optimizer))
          .hasMessageStartingWith("optimizer must take mean gradients, but takes per-example ones");
      return;
    }
    FMParameters model = Models.machine();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(optimizer).minibatchSize(4);
    Stepper<?> core = Stepper.of(optimizer, tree(model.get(), 1));
    if (asksForMore(optimizer, model, core)) {
      optimiser.initialise(model);
      double[][] before = Models.numbers(model);
      assertThatThrownBy(() -> optimiser.step(Models.gradients(model, 0), 1))
          .hasMessageContaining("Tribuo gives an optimiser");
      assertThat(Models.numbers(model)).isDeepEqualTo(before);
      return;
    }
    optimiser.initialise(model);
    for (int step = 0; step < STEPS; step++) {
      Tensor[] gradients = Models.gradients(model, step);
      double weight = step % 3 == 0 ? 0.5 : 1;
      core.step(tree(gradients, -1 / (16 * weight)), Extras.NONE);
      assertThat(optimiser.step(gradients, weight)).isEmpty();
      double[][] have = Models.numbers(model);
      for (int i = 0; i < have.length; i++) {
        assertThat(have[i])
            .as("tensor %d at step %d", i, step)
            .containsExactly(core.params().get(name(i)).toDoubles(), within(1e-6));
      }
    }
  }

  /** Returns whether the core's step without extra arguments throws; it changes nothing then. */
  private static boolean asksForMore(
      GradientTransformation<?> optimizer, FMParameters model, Stepper<?> core) {
    try {
      Stepper.of(optimizer, core.params().copy()).step(tree(Models.gradients(model, 0), 1));
      return false;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("extra argument");
      return true;
    }
  }
}
