package dev.glissade.arena.train;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.report.Run;
import dev.glissade.matrix.MatrixProduct;
import java.util.List;

/** A network with hidden layers of 256 units on the digits; loaded again by other class loaders. */
public final class MuonAgainstAdamw {
  private MuonAgainstAdamw() {}

  /**
   * Trains with three seeds; returns the library that multiplies, and how much of the validation
   * and the test part is right, on average.
   *
   * @param run the number of epochs, and the optimizer after a blank
   */
  public static String accuracy(String run) {
    int blank = run.indexOf(' ');
    int epochs = Integer.parseInt(run.substring(0, blank));
    Plan plan = new Plan(List.of(256, 256), epochs, 32, RateSchedule.COSINE);
    List<OptimizerSpec> optimizers = OptimizerParser.list(run.substring(blank + 1));
    Run mean =
        new Experiment(Candidate.all(optimizers, plan), 0, 3, 1)
            .run(Datasets.digits(), ProgressListener.SILENT)
            .get(0)
            .mean();
    double accuracy = (mean.validationScore() + mean.testScore()) / 2;
    return MatrixProduct.best().library() + " " + accuracy;
  }
}
