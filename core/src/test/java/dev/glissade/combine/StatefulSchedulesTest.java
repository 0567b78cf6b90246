package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.schedule.StatefulSchedule;
import dev.glissade.schedule.WrappedSchedule;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hyperparameters that follow a schedule with a state. */
class StatefulSchedulesTest {

  /** Halves the rate whenever the loss goes up. */
  private record HalvesWhenWorse(double first) implements StatefulSchedule<HalvesWhenWorse.State> {
    record State(Scalar rate, Scalar loss) {}

    @Override
    public State initialState() {
      return new State(Scalar.of(first), Scalar.of(Double.POSITIVE_INFINITY));
    }

    @Override
    public Scalar value(State state, Extras extras) {
      return state.rate();
    }

    @Override
    public State update(State state, Extras extras) {
      Scalar worse = extras.value().greaterThan(state.loss());
      return new State(worse.choose(state.rate().times(0.5), state.rate()), extras.value());
    }
  }

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  @Test
  void theValueIsReadBeforeTheStateIsUpdated() {
    InjectHyperparams optimizer =
        Transforms.injectHyperparams(Optimizers.sgd(7))
            .schedule("learningRate", new HalvesWhenWorse(1));
    Stepper<?> stepper = Stepper.of(Transforms.chain(optimizer), one(0));
    assertThat(stepper.scalar("learningRate")).isNaN();
    double[] losses = {3, 4, 2, 5, 6, 1};
    double[] rates = {1, 1, 0.5, 0.5, 0.25, 0.125};
    double x = 0;
    for (int i = 0; i < losses.length; i++) {
      stepper.step(one(-1), Extras.NONE.withValue(losses[i]));
      x += rates[i];
      assertThat(stepper.scalar("learningRate")).as("step %d", i).isEqualTo(rates[i]);
      assertThat(stepper.params().get("w").get(0)).as("step %d", i).isEqualTo(x);
    }
    assertThatThrownBy(() -> stepper.step(one(1))).hasMessageContaining("\"value\" must be given");
    stepper.set("learningRate", 2);
    stepper.step(one(-1), Extras.NONE.withValue(9));
    assertThat(stepper.params().get("w").get(0)).isEqualTo(x + 2);
  }

  @Test
  void aWrappedScheduleIsTheSchedule() {
    Schedule rate = Schedules.warmupCosineDecaySchedule(0, 1, 3, 10);
    Stepper<?> plain = Stepper.of(Optimizers.adam(rate), one(1));
    Stepper<?> wrapped =
        Stepper.of(
            Transforms.injectHyperparams(Optimizers.adam(0.5))
                .schedule("learningRate", new WrappedSchedule(rate)),
            one(1));
    for (int i = 0; i < 12; i++) {
      Tree gradients = one(Math.cos(i));
      plain.step(gradients);
      wrapped.step(gradients);
      assertThat(wrapped.params().sameBits(plain.params())).as("step %d", i).isTrue();
    }
  }

  @Test
  void namesAreThoseOfHyperparametersThatTakeASchedule() {
    GradientTransformation<?> sgd = Optimizers.sgd(1);
    for (String name : List.of("momentum", "rate", "")) {
      assertThatThrownBy(
              () -> Transforms.injectHyperparams(sgd).schedule(name, new HalvesWhenWorse(1)))
          .hasMessage(
              "statefulSchedules must have names of schedules of Sgd, but had \"%s\"", name);
    }
    Catalog catalog = Catalog.standard();
    GradientTransformation<?> read =
        catalog.optimizer(
            Map.of(
                "name",
                "inject_hyperparams",
                "args",
                Map.of(
                    "inner",
                    Map.of("name", "sgd", "args", Map.of("learning_rate", 1)),
                    "stateful_schedules",
                    Map.of(
                        "learning_rate",
                        Map.of("name", "wrapped_schedule", "args", Map.of("schedule", 0.5))))));
    assertThat(read)
        .isEqualTo(
            Transforms.injectHyperparams(sgd)
                .schedule("learningRate", new WrappedSchedule(Schedules.constantSchedule(0.5))));
    assertThat(catalog.optimizer(catalog.describe(read))).isEqualTo(read);
  }
}
