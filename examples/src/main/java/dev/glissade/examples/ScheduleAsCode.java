package dev.glissade.examples;

import dev.glissade.Schedule;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Changes the learning rate while training: by a lambda, by a named schedule, and by two joined
 * schedules.
 *
 * <p>A schedule is a function of the number of steps taken so far, so the first step reads {@code
 * at(0)}. Prints the rate at some steps and how close to the minimum each schedule gets, and draws
 * the rates.
 */
public final class ScheduleAsCode {
  private static final int STEPS = 200;

  private ScheduleAsCode() {}

  public static void main(String[] args) throws IOException {
    Map<String, Schedule> schedules = new LinkedHashMap<>();
    schedules.put("lambda", step -> 0.1 / Math.sqrt(1 + step));
    // A line from 0 to 0.1 in 20 steps, then half a cosine wave to 0 at step 200.
    schedules.put("warm-up cosine", Schedules.warmupCosineDecaySchedule(0, 0.1, 20, STEPS));
    // A constant for 50 steps, then a lambda, which counts from 0 again.
    Schedule constant = Schedules.constantSchedule(0.1);
    Schedule decay = step -> 0.1 * Math.pow(0.97, step);
    schedules.put("joined", Schedules.joinSchedules(List.of(constant, decay), List.of(50)));

    LineChart chart = new LineChart("learning rate", 0, 0.1, false);
    schedules.forEach((name, schedule) -> {
      Stepper<?> stepper =
          Stepper.of(Optimizers.sgd(schedule), Tree.of("w", Tensor.of(new float[] {3, -2})));
      for (int step = 0; step < STEPS; step++) {
        stepper.step(stepper.params().times(2).evaluate()); // the gradient of |w|^2
      }
      // The norm of a tree is deferred arithmetic, too, until evaluate() computes it.
      double distance = stepper.params().norm().evaluate().value();
      System.out.printf(
          "%s: rate %.4f at step 0, %.4f at 20, %.4f at 100; distance %.0e%n",
          name, schedule.at(0), schedule.at(20), schedule.at(100), distance);
      chart.line(name, IntStream.rangeClosed(0, STEPS).mapToObj(schedule::at).toList());
    });
    chart.save(args, STEPS);
  }
}
