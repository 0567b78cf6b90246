package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both engines give the bits of one process, and learn. */
class SameBitsTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(LocalSpark.conf("local[4]"));
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  /** Returns the blocks of each partition, as Spark divides them. */
  static <T> List<List<T>> partitions(JavaRDD<T> shards) {
    return new ArrayList<>(shards.glom().collect());
  }

  private static GradientTransformation<?> clipped() {
    return Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(1e-2));
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void asOneProcess(SparkEngine engine) throws Exception {
    for (int partitions : new int[] {1, 2, 3, 4}) {
      JavaRDD<Digits.Block> shards =
          spark.parallelize(Digits.blocks(7, 20, partitions), partitions);
      TrainingResult result =
          SparkTraining.of(shards, () -> Digits.gradient(0), SameBitsTest::clipped)
              .steps(12)
              .batch(2)
              .seed(5)
              .engine(engine)
              .fit(Digits.params());
      OneProcess.End one =
          OneProcess.train(
              partitions(shards), () -> Digits.gradient(0), clipped(), Digits.params(), 12, 2, 5);
      assertThat(result.params().sameBits(one.params())).as("%d", partitions).isTrue();
      assertThat(result.losses()).isEqualTo(one.losses());
      assertThat(result.checkpoint().step()).isEqualTo(12);
    }
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void learns(SparkEngine engine) throws Exception {
    JavaRDD<Digits.Block> shards = spark.parallelize(Digits.blocks(8, 50, 1), 2);
    TrainingResult result =
        SparkTraining.of(shards, () -> Digits.gradient(16), () -> Contrib.prodigy())
            .steps(60)
            .engine(engine)
            .fit(Digits.params());
    OneProcess.End one =
        OneProcess.train(
            partitions(shards),
            () -> Digits.gradient(16),
            Contrib.prodigy(),
            Digits.params(),
            60,
            0,
            0);
    assertThat(result.params().sameBits(one.params())).isTrue();
    assertThat(Digits.accuracy(result.params(), Digits.blocks(1, 500, 99).get(0)))
        .isGreaterThan(0.9);
  }

  @Test
  void alsoWithDoublesAndLeavesOfManyFrames() throws Exception {
    double[] far = new double[100_000];
    Tree params =
        Tree.builder()
            .add("a", new float[200_000])
            .add("b", far)
            .add("c", new float[] {1, 2, 3})
            .build();
    JavaRDD<Integer> shards = spark.parallelize(List.of(1, 2, 3, 4, 5), 3);
    SerializableSupplier<ShardGradient<Integer>> gradient =
        () ->
            (at, shard, step, sum) ->
                sum.add(shard, at.times(0.1 * shard).plus(1.0 / shard).evaluate(), 1);
    OneProcess.End one =
        OneProcess.train(partitions(shards), gradient, Optimizers.adamw(0.1), params, 4, 0, 0);
    for (SparkEngine engine : SparkEngine.values()) {
      TrainingResult result =
          SparkTraining.of(shards, gradient, () -> Optimizers.adamw(0.1))
              .steps(4)
              .engine(engine)
              .fit(params);
      assertThat(result.params().sameBits(one.params())).as("%s", engine).isTrue();
    }
  }
}
