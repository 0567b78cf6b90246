package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.combine.Chain;
import dev.glissade.combine.Partition;
import dev.glissade.combine.PathLabels;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.ScaleByAdam.ScaleByAdamState;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entries of nested states are read and replaced by name. */
class StatesTest {
  private static final Tree X = Tree.of("x", Tensor.of(new double[] {1, 2}));

  private static Stepper<?> stepper() {
    Chain chain = Transforms.chain(Transforms.clip(1), Transforms.trace(0.5), Optimizers.adam(0.1));
    Stepper<?> stepper = Stepper.of(chain, X);
    stepper.step(X);
    return stepper;
  }

  @Test
  void readByTheEndOfThePath() {
    Stepper<?> stepper = stepper();
    assertThat(stepper.tree("mu").get("x").toDoubles()).containsExactly(1 - 0.9, 1 - 0.9);
    assertThat(stepper.scalar("states/2/states/0/count")).isEqualTo(1);
    Object state = stepper.state();
    assertThat(States.get(state, "2/states/0", ScaleByAdamState.class).count().value())
        .isEqualTo(1);
    assertThat(States.entries(state).keySet()).contains("states/2/states/0/mu", "states/1/trace");
  }

  @Test
  void replacedByTheEndOfThePath() {
    Stepper<?> stepper = stepper();
    stepper.set("0/count", 7);
    assertThat(stepper.scalar("0/count")).isEqualTo(7);
    stepper.set("nu", X);
    stepper.step(X);
    assertThat(stepper.scalar("0/count")).isEqualTo(8);
    assertThat(stepper.tree("nu").get("x").get(1))
        .isCloseTo(2 * 0.999 + 0.001, org.assertj.core.api.Assertions.within(0.01));

    Object state = stepper.state();
    Object changed = States.set(state, "0/count", Scalar.of(3));
    assertThat(States.scalar(changed, "0/count").value()).isEqualTo(3);
    assertThat(States.scalar(state, "0/count").value()).isEqualTo(8);
  }

  @Test
  void aHyperparameterInsideOfAChain() {
    Chain chain =
        Transforms.chain(Transforms.clip(9), Transforms.injectHyperparams(Optimizers.sgd(0.5)));
    Stepper<?> stepper = Stepper.of(chain, X);
    stepper.set("learningRate", 1);
    stepper.step(X);
    assertThat(stepper.params().get("x").toDoubles()).containsExactly(0, 0);
  }

  @Test
  void aHyperparameterThatIsNotASchedule() {
    Stepper<?> stepper = Stepper.of(Transforms.injectHyperparams(Optimizers.adam(0.1)), X);
    assertThat(stepper.scalar("eps")).isEqualTo(1e-8);
    stepper.set("eps", 2);
    assertThat(stepper.scalar("eps")).isEqualTo(2);
    assertThatThrownBy(() -> stepper.set("learningRate", Double.NaN))
        .hasMessageContaining("learningRate must be finite");
    assertThat(stepper.scalar("learningRate")).isEqualTo(0.1);
  }

  @Test
  void wrongNamesAndValuesAreRefused() {
    Stepper<?> stepper = stepper();
    assertThatThrownBy(() -> stepper.scalar("count"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"count\" must name one entry of the state, but names"
                + " [states/2/states/0/count, states/2/states/1/count]: give more of the path");
    assertThatThrownBy(() -> stepper.scalar("ount"))
        .hasMessageStartingWith("the state must have an entry \"ount\", but had [");
    assertThatThrownBy(() -> stepper.scalar("mu"))
        .hasMessage("state entry \"states/2/states/0/mu\" must be a Scalar, but was Tree");
    assertThatThrownBy(() -> stepper.set("mu", 3))
        .hasMessage("state entry \"states/2/states/0/mu\" must be a Tree, but was Integer");
    assertThatThrownBy(() -> stepper.set("mu", Tree.empty()))
        .hasMessageContaining("must have the structure {x=");
    assertThat(stepper.tree("mu").get("x").get(0)).isEqualTo(1 - 0.9);
  }

  record Counted(Scalar count, Inner inner, double rate, int n, List<Scalar> scales) {}

  record Inner(Scalar count) {}

  @Test
  void aWholePathStandsForThatEntry() {
    Object state =
        new Counted(Scalar.of(1), new Inner(Scalar.of(2)), 0.5, 3, List.of(Scalar.of(4)));
    assertThat(States.scalar(state, "count").value()).isEqualTo(1);
    assertThat(States.scalar(state, "inner/count").value()).isEqualTo(2);
    assertThat(States.scalar(States.set(state, "count", 5), "count").value()).isEqualTo(5);
  }

  @Test
  void numbersAndListsTakeTheTypeOfTheirEntry() {
    Object state =
        new Counted(Scalar.of(1), new Inner(Scalar.of(2)), 0.5, 3, List.of(Scalar.of(4)));
    assertThat(States.get(States.set(state, "rate", 1), "rate", Double.class)).isEqualTo(1);
    assertThat(States.get(States.set(state, "n", 7.0), "n", Integer.class)).isEqualTo(7);
    assertThatThrownBy(() -> States.set(state, "n", 7.5))
        .hasMessage("state entry \"n\" must be a Integer, but was Double");
    Object changed = States.set(state, "scales", new ArrayList<>(List.of(Scalar.of(6))));
    assertThat(States.scalar(changed, "scales/0").value()).isEqualTo(6);
  }

  @Test
  void aStateOfAnotherTypeIsRefused() {
    Stepper<Object> stepper = Stepper.of(Optimizers.adam(0.1), X);
    assertThatThrownBy(() -> stepper.updateState(state -> "no"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the state must be a ChainState, but was a String");
    GradientTransformation<List<Scalar>> listed =
        GradientTransformation.of(x -> List.of(Scalar.of(1)), (g, state, x) -> Step.of(g, state));
    Stepper<List<Scalar>> lists = Stepper.of(listed, X);
    lists.updateState(state -> new ArrayList<>(List.of(Scalar.of(2))));
    assertThat(lists.scalar("0")).isEqualTo(2);
  }

  record Listed(List<Scalar> scales, Map<String, Tree> none) {}

  @Test
  void aListIsNamedAsSuchAndOneOfItsEntries() {
    Object state = new Listed(List.of(Scalar.of(1), Scalar.of(2)), Map.of());
    assertThatThrownBy(() -> States.scalar(state, "scales"))
        .hasMessage(
            "state entry \"scales\" must be a Scalar, but was list with entries such as \"scales/0\"");
    assertThatThrownBy(() -> States.set(state, "scales", 1))
        .hasMessage(
            "state entry \"scales\" must be a list with entries such as \"scales/0\", but was Integer");
    assertThatThrownBy(() -> States.tree(state, "none"))
        .hasMessage("state entry \"none\" must be a Tree, but was empty map");
    assertThat(States.scalar(state, "scales/1").value()).isEqualTo(2);
  }

  @Test
  void aScheduledHyperparameterStaysAsItWasSet() {
    Stepper<?> stepper = Stepper.of(Transforms.injectHyperparams(Optimizers.sgd(step -> 0.5)), X);
    stepper.set("learningRate", 1);
    stepper.step(X);
    assertThat(stepper.params().get("x").toDoubles()).containsExactly(0, 0);
    assertThat(stepper.scalar("learningRate")).isEqualTo(1);
  }

  @Test
  void aHyperparameterOutsideOfTheStateIsExplained() {
    Tree params = Tree.of("w", Tensor.of(new float[] {1}));
    Stepper<?> plain = Stepper.of(Optimizers.adam(0.1), params);
    String remedy = ": wrap the optimizer in injectHyperparams to read or set its hyperparameters";
    assertThatThrownBy(() -> plain.set("learningRate", 0.2)).hasMessageEndingWith(remedy);
    assertThatThrownBy(() -> plain.scalar("learningRate")).hasMessageEndingWith(remedy);
    assertThatThrownBy(() -> plain.set("nothing", 0.2)).hasMessageEndingWith("]");
    Stepper<?> injected = Stepper.of(Transforms.injectHyperparams(Optimizers.adam(0.1)), params);
    assertThatThrownBy(() -> injected.set("nesterov", 0.2)).hasMessageEndingWith("]");
    injected.set("learningRate", 0.2);
    assertThat(injected.scalar("learningRate")).isEqualTo(0.2);
  }

  @Test
  void aLeafThatNoPatternMatchesIsNamed() {
    Tree params = Tree.of("w", Tensor.of(new float[] {1}));
    PathLabels labels = new PathLabels(Map.of("x*", "a"));
    Partition partition = new Partition(Map.of("a", Optimizers.sgd(0.1)), labels);
    assertThatThrownBy(() -> partition.init(params))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leaf \"w\" must match one of the patterns [x*], but matched none");
  }
}
