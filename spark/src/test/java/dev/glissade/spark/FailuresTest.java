package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings that fail go on where they were, or say why not; nothing is left behind. */
class FailuresTest {
  private static JavaSparkContext spark;

  /** The steps that have failed already, in this process. */
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark =
        LocalSpark.start(
            FlakyFileSystem.register(LocalSpark.conf("local[3]"))
                .set("spark.driver.maxResultSize", "1m"));
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @BeforeEach
  void clear() {
    FAILED.clear();
    FlakyFileSystem.CREATIONS.set(0);
    FlakyFileSystem.LISTINGS.set(0);
  }

  @AfterEach
  void leavesNothing() throws Exception {
    RingTest.requireNoThreads();
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(spark.getLocalProperty("spark.jobGroup.id")).isNull();
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".glissade-") || name.startsWith("..glissade-"));
    }
  }

  private static JavaRDD<Digits.Block> shards(int partitions) {
    return spark.parallelize(Digits.blocks(6, 10, 1), partitions);
  }

  private static SparkTraining<Digits.Block> training(
      SparkEngine engine, SerializableSupplier<ShardGradient<Digits.Block>> gradient) {
    return SparkTraining.of(shards(3), gradient, () -> Optimizers.adamw(1e-2))
        .engine(engine)
        .steps(12);
  }

  private static Tree undisturbed(int steps) throws Exception {
    return OneProcess.train(
            SameBitsTest.partitions(shards(3)),
            () -> Digits.gradient(4),
            Optimizers.adamw(1e-2),
            Digits.params(),
            steps,
            0,
            0)
        .params();
  }

  /** Fails once in each of some steps. */
  private static ShardGradient<Digits.Block> failing(Set<Long> steps) {
    ShardGradient<Digits.Block> sound = Digits.gradient(4);
    return (params, shard, at, sum) -> {
      if (at.rank() == 1 && steps.contains(at.step()) && FAILED.add("" + at.step())) {
        throw new IllegalStateException("the disk of step " + at.step() + " is gone");
      }
      sound.add(params, shard, at, sum);
    };
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void goOnFromTheNewestCheckpoint(SparkEngine engine) throws Exception {
    List<Long> told = new ArrayList<>();
    TrainingResult result =
        training(engine, () -> failing(Set.of(1L, 5L, 6L, 9L, 12L)))
            .checkpoints(folder.toUri().toString(), 2)
            .listener(report -> told.add(report.step()))
            .fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(12))).isTrue();
    assertThat(result.failures()).isEqualTo(5);
    assertThat(result.losses()).hasSize(12).doesNotContain(0.0);
    assertThat(told).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(names())
        .containsExactly("step-000000000010.safetensors", "step-000000000012.safetensors");
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void goOnInAnotherCall(SparkEngine engine) throws Exception {
    String uri = folder.toUri().toString();
    SparkEngine other = SparkEngine.values()[1 - engine.ordinal()];
    training(engine, () -> Digits.gradient(4)).steps(5).checkpoints(uri, 3).fit(Digits.params());
    List<Long> told = new ArrayList<>();
    TrainingResult result =
        training(other, () -> Digits.gradient(4))
            .checkpoints(uri, 4)
            .listener(report -> told.add(report.step()))
            .fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(12))).isTrue();
    assertThat(result.losses()).hasSize(12);
    assertThat(told).hasSize(7).startsWith(6L);
    TrainingResult again =
        training(engine, () -> Digits.gradient(4)).checkpoints(uri, 4).fit(Digits.params());
    assertThat(again.params().sameBits(result.params())).isTrue();
  }

  @Test
  void passOverADamagedCheckpoint() throws Exception {
    String uri = folder.toUri().toString();
    training(SparkEngine.BARRIER, () -> Digits.gradient(4))
        .steps(6)
        .checkpoints(uri, 3)
        .fit(Digits.params());
    Path newest = folder.resolve("step-000000000006.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 1] ^= 1;
    Files.write(newest, bytes);
    Files.deleteIfExists(folder.resolve(".step-000000000006.safetensors.crc"));
    Files.write(folder.resolve(".glissade-of-a-writer-that-was-killed"), new byte[10]);
    TrainingResult result =
        training(SparkEngine.BARRIER, () -> Digits.gradient(4))
            .checkpoints(uri, 3)
            .fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(12))).isTrue();
  }

  @Test
  void refuseTheCheckpointsOfOthers() throws Exception {
    String uri = folder.toUri().toString();
    training(SparkEngine.BARRIER, () -> Digits.gradient(4))
        .checkpoints(uri, 3)
        .fit(Digits.params());
    requireRefused(
        training(SparkEngine.BARRIER, () -> Digits.gradient(4)).seed(1),
        "its seed must be 1, but was 0");
    requireRefused(
        training(SparkEngine.AGGREGATE, () -> Digits.gradient(4)).batch(2),
        "its batch must be 2, but was 0");
    requireRefused(
        training(SparkEngine.AGGREGATE, () -> Digits.gradient(4)).steps(11),
        "its step must be at most 11, but was 12");
    requireRefused(
        SparkTraining.of(shards(2), () -> Digits.gradient(4), () -> Optimizers.adamw(1e-2)),
        "its number of partitions must be 2, but was 3");
    requireRefused(
        SparkTraining.of(shards(3), () -> Digits.gradient(4), () -> Optimizers.adamw(1e-3)),
        "the optimizer differs");
  }

  private void requireRefused(SparkTraining<?> training, String sentence) {
    assertThatThrownBy(
            () -> training.checkpoints(folder.toUri().toString(), 3).fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("step-000000000012.safetensors must belong to this training: ")
        .hasMessageContaining(sentence)
        .hasMessageContaining("use another folder for another training");
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void thatAlwaysFailSayWhy(SparkEngine engine) {
    assertThatThrownBy(() ->
            training(engine, FailuresTest::alwaysFailing)
                .checkpoints(folder.toUri().toString(), 2)
                .retries(2)
                .fit(Digits.params()))
        .isInstanceOf(TrainingFailedException.class)
        // Rank 0 may not be done with saving step 4 when the task fails.
        .hasMessageMatching(
            "the training failed 3 times in a row after step [24], first because of"
                + " java.lang.IllegalStateException: row 17 has no label");
  }

  private static ShardGradient<Digits.Block> alwaysFailing() {
    ShardGradient<Digits.Block> sound = Digits.gradient(4);
    return (params, shard, at, sum) -> {
      if (at.rank() == 2 && at.step() == 5) {
        throw new IllegalStateException("row 17 has no label");
      }
      sound.add(params, shard, at, sum);
    };
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void endWhenTheListenerThrows(SparkEngine engine) {
    IllegalStateException enough = new IllegalStateException("enough");
    assertThatThrownBy(() ->
            training(engine, FailuresTest::slow)
                .steps(100_000)
                .listener(report -> {
                  if (report.step() >= 3) {
                    throw enough;
                  }
                })
                .fit(Digits.params()))
        .isSameAs(enough);
  }

  private static ShardGradient<Digits.Block> slow() {
    ShardGradient<Digits.Block> sound = Digits.gradient(4);
    return (params, shard, at, sum) -> {
      Thread.sleep(2);
      sound.add(params, shard, at, sum);
    };
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void stopAtWhatIsNotFinite(SparkEngine engine) {
    SerializableSupplier<ShardGradient<Integer>> gradient =
        () ->
            (params, shard, at, sum) -> {
              boolean bad = at.step() == 3 && at.rank() == 1;
              sum.add(1, Tree.of("w", Tensor.of(new float[] {bad ? Float.NaN : shard})), 1);
            };
    Tree params = Tree.of("w", Tensor.of(new float[] {0}));
    SparkTraining<Integer> training =
        SparkTraining.of(spark.parallelize(List.of(1, 2), 2), gradient, () -> Optimizers.sgd(1.0))
            .engine(engine)
            .steps(4);
    assertThatThrownBy(() -> training.fit(params))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("gradients[\"w\"][0] is NaN at step 3");
    Tree skipped = training.nonFinite(NonFinite.SKIP).fit(params).params();
    assertThat(skipped.get("w").toFloats()).containsExactly(-4.5f);
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void takePartitionsWithoutShards(SparkEngine engine) {
    JavaRDD<Integer> shards = spark.parallelize(List.of(2), 3);
    SerializableSupplier<ShardGradient<Integer>> gradient =
        () ->
            (params, shard, at, sum) ->
                sum.add(shard, Tree.of("w", Tensor.of(new float[] {shard})), 2);
    Tree params = Tree.of("w", Tensor.of(new float[] {0}));
    TrainingResult result =
        SparkTraining.of(shards, gradient, () -> Optimizers.sgd(1.0))
            .engine(engine)
            .steps(3)
            .batch(1)
            .fit(params);
    assertThat(result.params().get("w").toFloats()).containsExactly(-3);
    assertThat(result.losses()).containsExactly(1, 1, 1);
    TrainingResult empty =
        SparkTraining.of(shards.filter(i -> false), gradient, () -> Optimizers.sgd(1.0))
            .engine(engine)
            .steps(3)
            .fit(params);
    assertThat(empty.params().get("w").toFloats()).containsExactly(0);
  }

  @Test
  void needASlotForEachTaskOfTheRing() {
    assertThatThrownBy(() ->
            SparkTraining.of(shards(4), () -> Digits.gradient(4), () -> Optimizers.sgd(1.0))
                .retries(0)
                .fit(Digits.params()))
        .hasMessageContaining(
            "the cluster must have a slot for each of 4 partitions at the same time, but had 3: use"
                + " fewer partitions, more executors, or engine(SparkEngine.AGGREGATE)");
  }

  @Test
  void tryToSaveAgainAtTheSameStep() throws Exception {
    FlakyFileSystem.CREATIONS.set(2);
    List<Long> told = new ArrayList<>();
    TrainingResult result =
        training(SparkEngine.AGGREGATE, () -> Digits.gradient(4))
            .checkpoints(FlakyFileSystem.uri(folder), 12)
            .retries(2)
            .listener(report -> told.add(report.step()))
            .fit(Digits.params());
    assertThat(result.failures()).isEqualTo(2);
    assertThat(told).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(names()).containsExactly("step-000000000012.safetensors");
    assertThat(result.params().sameBits(undisturbed(12))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"AGGREGATE, 2, 2", "AGGREGATE, 12, 12", "BARRIER, 2, 0"})
  void endWhenNoCheckpointCanBeSaved(SparkEngine engine, int every, int step) throws Exception {
    FlakyFileSystem.CREATIONS.set(1000);
    List<Long> told = new ArrayList<>();
    assertThatThrownBy(() ->
            training(engine, () -> Digits.gradient(4))
                .checkpoints(FlakyFileSystem.uri(folder), every)
                .retries(2)
                .listener(report -> told.add(report.step()))
                .fit(Digits.params()))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageStartingWith(
            "the training failed 3 times in a row after step %d, first because of ".formatted(step))
        .hasMessageContaining("the disk is full");
    assertThat(told).doesNotHaveDuplicates();
    assertThat(names()).isEmpty();
  }

  @Test
  void countAFolderThatCanNotBeReadAsAFailure() throws Exception {
    SerializableSupplier<ShardGradient<Digits.Block>> gradient =
        () -> {
          ShardGradient<Digits.Block> failing = failing(Set.of(5L));
          return (params, shard, at, sum) -> {
            if (at.rank() == 1 && at.step() == 5 && FAILED.isEmpty()) {
              FlakyFileSystem.LISTINGS.set(1);
            }
            failing.add(params, shard, at, sum);
          };
        };
    SparkTraining<Digits.Block> training =
        training(SparkEngine.BARRIER, gradient).checkpoints(FlakyFileSystem.uri(folder), 100);
    assertThatThrownBy(() -> training.retries(0).fit(Digits.params()))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("the folder can't be listed")
        .satisfies(e ->
            assertThat(e.getCause().getSuppressed()[0]).hasMessageContaining("step 5 is gone"));
    FAILED.clear();
    TrainingResult result =
        training
            .retries(1)
            .listener(report -> FlakyFileSystem.LISTINGS.set(report.step() == 12 ? 9 : 0))
            .fit(Digits.params());
    // Nor does it matter that nothing can be cleaned up at the end.
    assertThat(FlakyFileSystem.LISTINGS).hasPositiveValue();
    assertThat(result.failures()).isEqualTo(1);
    assertThat(result.params().sameBits(undisturbed(12))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void refuseResultsThatAreTooLargeForTheDriver(SparkEngine engine) {
    SerializableSupplier<ShardGradient<Digits.Block>> gradient =
        () -> {
          FAILED.add("a step was taken");
          return Digits.gradient(4);
        };
    Tree params = Tree.of("w", Tensor.of(new float[300_000]));
    assertThatThrownBy(() -> training(engine, gradient).fit(params))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "spark.driver.maxResultSize must be at least \\d+, for the (gradients of 3 partitions|"
                + "checkpoint that the training returns), but was 1048576: raise it, or use .*");
    assertThat(FAILED).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void endWithWhateverTheListenerThrows(SparkEngine engine) {
    for (Throwable thrown : List.of(new AssertionError("enough"), new IOException("no room"))) {
      assertThatThrownBy(() ->
              training(engine, FailuresTest::slow)
                  .steps(100_000)
                  .listener(report -> {
                    throw PartitionJob.<RuntimeException>sneaky(thrown);
                  })
                  .fit(Digits.params()))
          .isSameAs(thrown);
    }
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void endWithTheJobGroupOfTheCaller(SparkEngine engine) throws Exception {
    spark.setJobGroup("notebook", "a cell", true);
    Thread canceller =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            spark.cancelJobGroup("notebook");
            LockSupport.parkNanos(20_000_000);
          }
        });
    try {
      assertThatThrownBy(() ->
              training(engine, FailuresTest::slow)
                  .steps(100_000)
                  .listener(report -> {
                    if (report.step() == 3) {
                      canceller.start();
                    }
                  })
                  .fit(Digits.params()))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageStartingWith("the training was ended: Job");
      assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo("notebook");
      assertThat(spark.getLocalProperty("spark.job.tags")).isNull();
    } finally {
      canceller.interrupt();
      canceller.join();
      spark.clearJobGroup();
    }
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void refuseWhatNoOtherAttemptWouldMend(SparkEngine engine) {
    SerializableSupplier<ShardGradient<Digits.Block>> wrong =
        () ->
            (params, shard, at, sum) -> {
              FAILED.add("attempt " + System.nanoTime());
              sum.add(1, Tree.of("w", Tensor.of(new float[2])), 1);
            };
    assertThatThrownBy(() -> training(engine, wrong).fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("gradients must have the paths, shapes and computed types");
    assertThat(FAILED).hasSizeLessThanOrEqualTo(3);
    Object connection = new Object();
    assertThatThrownBy(() ->
            training(engine, () -> Digits.gradient(connection.hashCode() == 0 ? 1 : 4))
                .fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "all that tasks use must be serializable, but java.lang.Object was not: ");
  }
}
