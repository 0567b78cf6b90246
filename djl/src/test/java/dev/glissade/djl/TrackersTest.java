package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.glissade.Schedule;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedules both ways. */
class TrackersTest {
  private static final Tracker COSINE =
      Tracker.warmUp()
          .setMainTracker(
              Tracker.cosine().setBaseValue(0.1f).optFinalValue(0.001f).setMaxUpdates(20).build())
          .optWarmUpSteps(4)
          .build();

  @Test
  void aTrackerGivesItsValueForTheSameStep() {
    Schedule schedule = Trackers.schedule(COSINE);
    for (int step = 0; step < 30; step++) {
      // DJL's optimizers count from 1.
      assertThat(schedule.at(step)).isEqualTo(COSINE.getNewValue(step + 1));
    }
    assertThat(schedule.at(1e12)).isEqualTo(COSINE.getNewValue(Integer.MAX_VALUE));
  }

  @Test
  void aScheduleGivesItsValueForTheSameStep() {
    Schedule schedule = Schedules.linearSchedule(1, 0, 10);
    Tracker tracker = Trackers.tracker(schedule);
    assertThat(tracker.getNewValue(0)).isEqualTo(1);
    assertThat(tracker.getNewValue(1)).isEqualTo(1);
    assertThat(tracker.getNewValue(6)).isEqualTo(0.5f);
    assertThat(tracker.getNewValue(99)).isCloseTo(0, within(1e-6f));
    assertThat(Trackers.schedule(tracker).at(3)).isEqualTo((float) schedule.at(3));
  }

  @Test
  void plainDescentIsTheSameInBothLibraries() {
    try (LinearModel ours = new LinearModel(DataType.FLOAT32);
        LinearModel theirs = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(
                ours.model, LinearModel.config(), Optimizers.sgd(Trackers.schedule(COSINE)));
        Trainer plain =
            theirs.model.newTrainer(
                LinearModel.config()
                    .optOptimizer(Optimizer.sgd().setLearningRateTracker(COSINE).build()))) {
      plain.initialize(new Shape(1, 3));
      for (int step = 0; step < 20; step++) {
        ours.pass(trainer, step);
        trainer.step();
        theirs.pass(plain, step);
        plain.step();
      }
      Map<String, double[]> want = theirs.params();
      ours.params()
          .forEach((path, have) ->
              assertThat(have).as(path).containsExactly(want.get(path), within(1e-6)));
    }
  }
}
