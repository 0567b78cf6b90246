package dev.glissade.spark.examples;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.models.ValueAndGradient;
import dev.glissade.spark.ShardGradient;
import dev.glissade.spark.SparkTraining;
import dev.glissade.spark.StepReport;
import dev.glissade.spark.TrainingResult;
import java.io.Serializable;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains a perceptron of your own on blocks of rows, by Prodigy, on all executors.
 *
 * <p>Each of two tasks adds up the gradients of its blocks; the tasks exchange sums in a ring. With
 * an argument, such as {@code hdfs:///runs/circle}, it saves checkpoints there, and continues from
 * the newest one when it starts again. Prints the loss and the step size that Prodigy has learned.
 */
public final class TrainOnShards {
  private static final int STEPS = 200;
  private static final Mlp MODEL = Mlp.of(2, 16, 2);

  /** A shard: rows of two numbers, and whether the point lies in a circle. */
  record Block(float[] points, int[] inside) implements Serializable {
    static Block of(int seed) {
      Random random = new Random(seed);
      float[] points = new float[200];
      int[] inside = new int[100];
      for (int i = 0; i < 100; i++) {
        points[2 * i] = random.nextFloat() * 2 - 1;
        points[2 * i + 1] = random.nextFloat() * 2 - 1;
        inside[i] = Math.hypot(points[2 * i], points[2 * i + 1]) < 0.8 ? 1 : 0;
      }
      return new Block(points, inside);
    }
  }

  private TrainOnShards() {}

  /** Runs once in each task, which keeps the workspaces of the objective. */
  private static ShardGradient<Block> gradient() {
    Objective objective = Objective.of(MODEL, Losses.softmaxCrossEntropy()).sequential();
    return (params, block, at, sum) -> {
      int size = block.inside().length;
      Tensor rows = Tensor.wrap(block.points(), size, 2);
      ValueAndGradient mean =
          objective.gradient(params, new Batch(rows, Targets.labels(block.inside())));
      sum.addMean(mean.value(), mean.gradient(), size);
    };
  }

  private static void print(StepReport report) {
    if (report.step() % 50 == 0) {
      System.out.printf(
          "step %d: loss %.4f, step size %.4f%n", report.step(), report.loss(), report.stepSize());
    }
  }

  public static void main(String[] args) {
    try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("circle"))) {
      JavaRDD<Block> blocks =
          spark.parallelize(IntStream.range(0, 8).boxed().toList(), 2).map(Block::of);
      SparkTraining<Block> training =
          SparkTraining.of(blocks, () -> gradient(), () -> Contrib.prodigy())
              .steps(STEPS)
              .listener(TrainOnShards::print);
      if (args.length > 0) {
        training.checkpoints(args[0], 50);
      }
      Tree start = MODEL.initialParams(0);
      TrainingResult result = training.fit(start);
      double first = result.losses()[0];
      System.out.printf("loss: %.4f, was %.4f%n", result.losses()[STEPS - 1], first);
    }
  }
}
