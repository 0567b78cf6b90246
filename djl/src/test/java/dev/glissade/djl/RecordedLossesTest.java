package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.transform.Transforms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trainer gives the loss to optimizers that ask for it. */
class RecordedLossesTest {

  /** Moves nothing, and keeps the loss. */
  record Watch() implements GradientTransformation<Watch.WatchState> {
    record WatchState(Scalar seen) {}

    @Override
    public WatchState initialState(Tree params) {
      return new WatchState(Scalar.of(0));
    }

    @Override
    public Step<WatchState> step(Tree updates, WatchState state, Tree params, Extras extras) {
      return Step.of(updates.zeros(), new WatchState(extras.value()));
    }
  }

  private static double seen(GlissadeTrainer trainer) throws Exception {
    return trainer.checkpoint().state(new Watch()).seen().value();
  }

  private static double loss(LinearModel linear, GlissadeTrainer trainer, int number) {
    NDList labels = new NDList(linear.labels(number));
    NDList predictions = trainer.forward(new NDList(linear.inputs(number)), labels);
    try (NDArray loss = trainer.getLoss().evaluate(labels, predictions);
        NDArray wide = loss.toType(DataType.FLOAT64, true)) {
      return wide.toDoubleArray()[0];
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void itIsThatOfThePassesSinceTheLastStep(DataType type) throws Exception {
    try (LinearModel linear = new LinearModel(type);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), new Watch())) {
      double[] losses = new double[3];
      for (int i = 0; i < 3; i++) {
        losses[i] = loss(linear, trainer, i);
      }
      linear.pass(trainer, 0);
      trainer.step();
      assertThat(seen(trainer)).isEqualTo(losses[0]);
      linear.pass(trainer, 1);
      trainer.zeroGradients();
      linear.pass(trainer, 2);
      trainer.step();
      assertThat(seen(trainer)).isEqualTo(losses[2]);
      linear.pass(trainer, 2);
      trainer.step(Extras.NONE.withValue(-7));
      assertThat(seen(trainer)).isEqualTo(-7);
    }
  }

  @Test
  void withAccumulationItIsTheMean() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT64);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), new Watch())) {
      trainer.accumulate(3);
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += loss(linear, trainer, i);
        linear.pass(trainer, i);
        trainer.step();
      }
      assertThat(seen(trainer)).isCloseTo(sum / 3, within(1e-12));
    }
  }

  @Test
  void aLossThatWasClosedIsMissed() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), new Watch())) {
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList labels = new NDList(linear.labels(0));
        NDList predictions = trainer.forward(new NDList(linear.inputs(0)), labels);
        try (NDArray loss = trainer.getLoss().evaluate(labels, predictions)) {
          collector.backward(loss);
        }
      }
      assertThatThrownBy(trainer::step)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("extra argument \"value\" must be given");
    }
  }

  /** In a loop of DJL's, without a word about losses or gradient functions. */
  @Test
  void theyReachTheOptimizersThatNeedThem() {
    for (GradientTransformation<?> optimizer :
        new GradientTransformation<?>[] {
          Contrib.momo(0.05),
          Transforms.chain(Contrib.momoAdam(0.05), Contrib.reduceOnPlateau().patience(5)),
          Contrib.sophia(0.02).estimateFirst(true).updateInterval(2)
        }) {
      try (LinearModel linear = new LinearModel(DataType.FLOAT32);
          var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), optimizer)) {
        double before = loss(linear, trainer, 0);
        for (int step = 0; step < 30; step++) {
          linear.pass(trainer, 0);
          trainer.step();
        }
        assertThat(loss(linear, trainer, 0)).as("%s", optimizer).isLessThan(before / 2);
      }
    }
  }
}
