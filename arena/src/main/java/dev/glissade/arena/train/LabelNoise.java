package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.RandomOrder;
import dev.glissade.arena.data.Split;
import dev.glissade.arena.data.Task;
import dev.glissade.records.Check;
import java.util.SplittableRandom;

/** Gives a share of the train examples a wrong label, to test how well an optimizer resists. */
public final class LabelNoise {
  /** Keeps these draws apart from those of the split, the parameters and the orders. */
  private static final long STREAM = 0x6c6162656c73L;

  private LabelNoise() {}

  /** Checks a share that the user gave: from 0 to 1. */
  public static double check(String name, double share) {
    Check.that(share >= 0 && share <= 1, name + " must be from 0 to 1", share);
    return share;
  }

  /** Checks a share that the user gave for this task. */
  public static void check(Task task, double share) {
    check("--label-noise", share);
    Check.that(
        share == 0 || task == Task.CLASSES,
        "--label-noise must be 0 unless labels are classes",
        share);
  }

  /**
   * Returns the split with wrong labels on round(share n) of the n train examples. The seed decides
   * which they are, and draws for each one of the other classes, all equally likely. A larger share
   * changes the same examples and more. The test part stays as it is.
   */
  public static Split apply(Split split, double share, long seed) {
    if (share == 0) {
      return split;
    }
    Dataset train = split.train();
    check(train.task(), share);
    int classes = train.outputs();
    int[] labels = train.labels();
    int[] order = RandomOrder.of(labels.length, seed ^ STREAM);
    SplittableRandom random = new SplittableRandom(~seed ^ STREAM);
    long changed = Math.round(share * labels.length);
    for (int i = 0; i < changed; i++) {
      int shift = 1 + random.nextInt(classes - 1);
      labels[order[i]] = (labels[order[i]] + shift) % classes;
    }
    return new Split(train.withLabels(labels), split.validation(), split.test());
  }
}
