package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.contrib.Contrib;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clusters with other settings. */
@Tag("cluster")
class ClusterOptionsTest {
  private static SparkTraining<Digits.Block> training(JavaRDD<Digits.Block> shards) {
    return SparkTraining.of(shards, () -> Digits.gradient(16), () -> Contrib.prodigy()).steps(10);
  }

  private static void requireBits(JavaSparkContext spark, SparkEngine engine) throws Exception {
    JavaRDD<Digits.Block> shards = spark.parallelize(Digits.blocks(4, 60, 1), 2);
    TrainingResult result = training(shards).engine(engine).fit(Digits.params());
    assertThat(result.params().sameBits(ClusterTest.undisturbed(shards, 10))).isTrue();
  }

  @Test
  void executorsThatComeAndGoNeedAggregate() throws Exception {
    SparkConf conf =
        ClusterSpark.conf()
            .set("spark.dynamicAllocation.enabled", "true")
            .set("spark.dynamicAllocation.shuffleTracking.enabled", "true")
            .set("spark.dynamicAllocation.minExecutors", "0")
            .set("spark.dynamicAllocation.maxExecutors", "2");
    try (JavaSparkContext spark = ClusterSpark.start(conf)) {
      requireBits(spark, SparkEngine.AGGREGATE);
      JavaRDD<Digits.Block> shards = spark.parallelize(Digits.blocks(4, 60, 1), 2);
      assertThatThrownBy(() -> training(shards).fit(Digits.params()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "spark.dynamicAllocation.enabled must be false for SparkEngine.BARRIER, whose tasks"
                  + " all run at the same time, but was true: use engine(SparkEngine.AGGREGATE)");
    }
  }

  /** The shards are numbers here, since Spark's Kryo knows no records. */
  @Test
  void anySerializer() throws Exception {
    SparkConf conf =
        ClusterSpark.conf().set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    SerializableSupplier<ShardGradient<Integer>> gradient =
        () ->
            (params, shard, at, sum) ->
                sum.add(shard, params.times(0.1 * shard).plus(1.0 / shard).evaluate(), 1);
    try (JavaSparkContext spark = ClusterSpark.start(conf)) {
      JavaRDD<Integer> shards = spark.parallelize(List.of(1, 2, 3, 4), 2);
      OneProcess.End one =
          OneProcess.train(
              SameBitsTest.partitions(shards),
              gradient,
              Contrib.prodigy(),
              Digits.params(),
              10,
              0,
              0);
      for (SparkEngine engine : SparkEngine.values()) {
        TrainingResult result =
            SparkTraining.of(shards, gradient, () -> Contrib.prodigy())
                .engine(engine)
                .steps(10)
                .fit(Digits.params());
        assertThat(result.params().sameBits(one.params())).isTrue();
      }
    }
  }
}
