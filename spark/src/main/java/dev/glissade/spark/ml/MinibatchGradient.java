package dev.glissade.spark.ml;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.models.Batch;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.models.ValueAndGradient;
import dev.glissade.spark.GradientSum;
import dev.glissade.spark.ShardGradient;
import dev.glissade.spark.ShardStep;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The gradients of a step's rows. In each pass every row is taken once: the rows of a block are
 * shuffled and spread evenly over the steps of the pass, and the blocks of a partition take turns,
 * so that a step has rows of all blocks and about the same number as the other steps.
 */
final class MinibatchGradient implements ShardGradient<RankRows> {
  /** The rows of one product, at most, and the numbers of them. */
  private static final int MOST_ROWS = 1024;

  private static final int MOST_NUMBERS = 1 << 20;

  private final Objective objective;
  private final boolean classes;
  private final int steps;
  private final int features;
  private final int capacity;
  private final float[] inputs;
  private final float[] labels;
  private final float[] weights;
  private int filled;

  /** The orders of the blocks' rows in a pass. */
  private long pass = -1;

  private int[][] orders = {};

  /**
   * Takes an objective of this thread.
   *
   * @param classes whether labels are classes
   * @param steps the number of steps of a pass
   */
  MinibatchGradient(Objective objective, boolean classes, int steps) {
    this.objective = objective;
    this.classes = classes;
    this.steps = steps;
    this.features = objective.model().inputs();
    this.capacity = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / features));
    this.inputs = new float[capacity * features];
    this.labels = new float[capacity];
    this.weights = new float[capacity];
  }

  @Override
  public void add(Tree params, RankRows rows, ShardStep at, GradientSum sum) {
    startPass((at.step() - 1) / steps, rows.blocks().length);
    long step = (at.step() - 1) % steps;
    double shift = random(at, -1).nextDouble();
    filled = 0;
    for (int b = 0; b < rows.blocks().length; b++) {
      RowBlock block = rows.blocks()[b];
      double phase = (b + shift) / rows.blocks().length;
      phase -= Math.floor(phase);
      int from = position(step, block.rows(), phase);
      int to = position(step + 1, block.rows(), phase);
      int[] order = from < to ? order(b, block.rows(), at) : orders[b];
      for (int i = from; i < to; i++) {
        take(block, order[i], rows.zeros());
        if (filled == capacity) {
          flush(params, sum);
        }
      }
    }
    flush(params, sum);
  }

  private void startPass(long wanted, int blocks) {
    if (wanted != pass || orders.length != blocks) {
      pass = wanted;
      orders = new int[blocks][];
    }
  }

  /**
   * Returns how many of a block's rows are taken before a step: row j in step (j + phase) S / n.
   */
  private int position(long step, int rows, double phase) {
    double position = Math.ceil((double) (step * rows) / steps - phase);
    return (int) Math.max(0, Math.min(rows, position));
  }

  /** Returns 0 to n - 1 in the block's order of this pass, by the algorithm of Fisher and Yates. */
  private int[] order(int block, int rows, ShardStep at) {
    if (orders[block] != null) {
      return orders[block];
    }
    SplittableRandom random = random(at, block);
    int[] order = new int[rows];
    for (int i = 0; i < order.length; i++) {
      int j = steps == 1 ? i : random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    orders[block] = order;
    return order;
  }

  /** Returns a generator that depends on seed, pass, partition and the number given. */
  private SplittableRandom random(ShardStep at, int number) {
    return new ShardStep(pass, at.rank(), at.ranks(), number, at.seed()).random();
  }

  private void take(RowBlock block, int row, float[] zeros) {
    block.copy(row, zeros, inputs, filled * features);
    labels[filled] = block.labels()[row];
    weights[filled] = block.weight(row);
    filled++;
  }

  private void flush(Tree params, GradientSum sum) {
    int rows = filled;
    filled = 0;
    double weight = 0;
    for (int i = 0; i < rows; i++) {
      weight += weights[i];
    }
    if (weight == 0) {
      return;
    }
    // The objective divides by the number of rows; GradientSum multiplies by their weight.
    float[] relative = new float[rows];
    for (int i = 0; i < rows; i++) {
      relative[i] = (float) (weights[i] * rows / weight);
    }
    Targets targets = targets(rows).weighted(relative);
    float[] used = rows == capacity ? inputs : Arrays.copyOf(inputs, rows * features);
    ValueAndGradient mean =
        objective.gradient(params, new Batch(Tensor.wrap(used, rows, features), targets));
    sum.addMean(mean.value(), mean.gradient(), weight);
  }

  private Targets targets(int rows) {
    if (!classes) {
      return Targets.values(Arrays.copyOf(labels, rows));
    }
    int[] numbers = new int[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = (int) labels[i];
    }
    return Targets.labels(numbers);
  }
}
