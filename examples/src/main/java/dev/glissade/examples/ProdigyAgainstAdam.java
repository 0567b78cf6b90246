package dev.glissade.examples;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Fits a small network to a sine wave, with Adam at four learning rates and with Prodigy.
 *
 * <p>Adam needs the right learning rate. Prodigy has none to choose, and does better than Adam at
 * all rates but the best one. All follow the same cosine decay. Prints the mean squared error at
 * the end, and draws it over the steps.
 */
public final class ProdigyAgainstAdam {
  private static final int UNITS = 16;
  private static final int POINTS = 64;
  private static final int STEPS = 2000;

  private ProdigyAgainstAdam() {}

  public static void main(String[] args) throws IOException {
    LineChart chart = new LineChart("mean squared error", 1e-5, 1e-1, true);
    for (double rate : new double[] {0.001, 0.01, 0.1, 1}) {
      Schedule decay = Schedules.cosineDecaySchedule(rate, STEPS);
      run("Adam " + rate, Optimizers.adam(decay), chart);
    }
    Schedule decay = Schedules.cosineDecaySchedule(1, STEPS);
    run("Prodigy", Contrib.prodigy(decay), chart);
    chart.save(args, STEPS);
  }

  private static void run(String name, GradientTransformation<?> optimizer, LineChart chart) {
    Random random = new Random(1);
    double[] in = random.doubles(UNITS, -2, 2).toArray();
    double[] bias = random.doubles(UNITS, -2, 2).toArray();
    double[] out = random.doubles(UNITS, -0.5, 0.5).toArray();
    Stepper<?> stepper =
        Stepper.borrowing(optimizer, Tree.wrapDoubles(Map.of("in", in, "bias", bias, "out", out)));
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      double[] ofIn = new double[UNITS];
      double[] ofBias = new double[UNITS];
      double[] ofOut = new double[UNITS];
      double loss = 0;
      for (int point = 0; point < POINTS; point++) {
        double x = 4.0 * point / POINTS - 2;
        double error = -Math.sin(3 * x);
        double[] unit = new double[UNITS];
        for (int i = 0; i < UNITS; i++) {
          unit[i] = Math.tanh(in[i] * x + bias[i]);
          error += out[i] * unit[i];
        }
        loss += error * error / POINTS;
        for (int i = 0; i < UNITS; i++) {
          double back = 2 * error / POINTS * out[i] * (1 - unit[i] * unit[i]);
          ofOut[i] += 2 * error / POINTS * unit[i];
          ofIn[i] += back * x;
          ofBias[i] += back;
        }
      }
      losses.add(loss);
      stepper.step(Tree.wrapDoubles(Map.of("in", ofIn, "bias", ofBias, "out", ofOut)));
    }
    System.out.printf("%-11s %.0e%n", name, losses.get(STEPS));
    chart.line(name, losses);
  }
}
