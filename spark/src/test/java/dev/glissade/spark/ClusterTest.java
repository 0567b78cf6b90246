package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings on two executors, which are processes that can be killed. */
@Tag("cluster")
class ClusterTest {
  private static final int KILLS = 20;
  private static final int PARTITIONS = 2;

  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    LocalSpark.assumeRuns();
    spark = ClusterSpark.start(ClusterSpark.conf());
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @AfterEach
  void leavesNothing() throws Exception {
    RingTest.requireNoThreads();
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(threadsOfExecutors()).isEmpty();
  }

  private static List<String> threadsOfExecutors() throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    while (true) {
      List<String> names =
          spark
              .parallelize(List.of(1, 2, 3, 4), 4)
              .flatMap(i ->
                  Thread.getAllStackTraces().keySet().stream()
                      .map(Thread::getName)
                      .filter(name -> name.startsWith("glissade-"))
                      .iterator())
              .collect();
      if (names.isEmpty() || System.nanoTime() > end) {
        return names;
      }
      Thread.sleep(100);
    }
  }

  private static JavaRDD<Digits.Block> shards() {
    return spark.parallelize(Digits.blocks(4, 60, 1), PARTITIONS);
  }

  private static SparkTraining<Digits.Block> training(
      SparkEngine engine, int steps, SerializableSupplier<ShardGradient<Digits.Block>> gradient) {
    return SparkTraining.of(shards(), gradient, () -> Contrib.prodigy())
        .engine(engine)
        .steps(steps);
  }

  static Tree undisturbed(JavaRDD<Digits.Block> shards, int steps) throws Exception {
    return OneProcess.train(
            SameBitsTest.partitions(shards),
            () -> Digits.gradient(16),
            Contrib.prodigy(),
            Digits.params(),
            steps,
            0,
            0)
        .params();
  }

  static ShardGradient<Digits.Block> sleeping(int rank, int millis) {
    ShardGradient<Digits.Block> sound = Digits.gradient(16);
    return (params, shard, at, sum) -> {
      if (at.rank() == rank || rank < 0) {
        Thread.sleep(millis);
      }
      sound.add(params, shard, at, sum);
    };
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void learnAsOneProcess(SparkEngine engine) throws Exception {
    TrainingResult result = training(engine, 60, () -> Digits.gradient(16)).fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(shards(), 60))).isTrue();
    assertThat(Digits.accuracy(result.params(), Digits.blocks(1, 500, 99).get(0)))
        .isGreaterThan(0.9);
    assertThat(result.failures()).isZero();
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void waitForASlowExecutor(SparkEngine engine) throws Exception {
    TrainingResult result = training(engine, 8, () -> sleeping(1, 400)).fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(shards(), 8))).isTrue();
    assertThat(result.failures()).isZero();
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void surviveExecutorsThatAreKilled(SparkEngine engine) throws Exception {
    int steps = engine == SparkEngine.BARRIER ? 2500 : 250;
    AtomicInteger kills = new AtomicInteger();
    AtomicLong reached = new AtomicLong();
    Thread killer = new Thread(() -> kill(engine.ordinal(), kills, reached), "killer");
    killer.start();
    try {
      TrainingResult result =
          training(engine, steps, () -> sleeping(-1, 5))
              .checkpoints(folder.toUri().toString(), 10)
              .retries(2 * KILLS)
              .listener(report -> reached.set(report.step()))
              .fit(Digits.params());
      assertThat(result.params().sameBits(undisturbed(shards(), steps))).isTrue();
      assertThat(result.losses()).hasSize(steps).doesNotContain(0.0);
      assertThat(kills.get()).as("kills before the end").isEqualTo(KILLS);
      if (engine == SparkEngine.BARRIER) {
        assertThat(result.failures()).isBetween(KILLS / 2, KILLS);
      }
    } finally {
      killer.interrupt();
      killer.join();
    }
  }

  /** Kills one executor after another, at random moments while the training gets on. */
  private static void kill(int seed, AtomicInteger kills, AtomicLong reached) {
    SplittableRandom random = new SplittableRandom(seed);
    try {
      while (kills.get() < KILLS) {
        long before = reached.get();
        while (reached.get() == before) {
          Thread.sleep(10);
        }
        Thread.sleep(random.nextInt(800));
        List<ProcessHandle> alive = ClusterSpark.executors();
        if (!alive.isEmpty() && alive.get(random.nextInt(alive.size())).destroyForcibly()) {
          kills.incrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      // The training has ended.
    }
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void goOnWhenTheDriverWasKilled(SparkEngine engine) throws Exception {
    Process driver = KilledDriver.start(folder.toUri(), engine);
    try {
      KilledDriver.awaitCheckpoint(folder, 20);
      driver.destroyForcibly().waitFor();
    } finally {
      driver.destroyForcibly();
    }
    AtomicInteger first = new AtomicInteger();
    TrainingResult result =
        training(engine, 60, () -> Digits.gradient(16))
            .checkpoints(folder.toUri().toString(), 10)
            .listener(report -> first.compareAndSet(0, (int) report.step()))
            .fit(Digits.params());
    assertThat(first.get()).isGreaterThan(20);
    assertThat(result.params().sameBits(undisturbed(shards(), 60))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void thatAlwaysFailSayWhy(SparkEngine engine) {
    assertThatThrownBy(() ->
            training(
                    engine,
                    8,
                    () ->
                        (params, shard, at, sum) -> {
                          throw new IllegalStateException("row 17 has no label");
                        })
                .retries(1)
                .fit(Digits.params()))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "the training failed 2 times in a row after step 0, first because of"
                + " java.lang.IllegalStateException: row 17 has no label");
  }

  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void takeAPartitionWithoutRows(SparkEngine engine) throws Exception {
    JavaRDD<Digits.Block> one = spark.parallelize(Digits.blocks(1, 60, 1), PARTITIONS);
    TrainingResult result =
        SparkTraining.of(one, () -> Digits.gradient(16), () -> Contrib.prodigy())
            .engine(engine)
            .steps(5)
            .fit(Digits.params());
    assertThat(result.params().sameBits(undisturbed(one, 5))).isTrue();
  }

  @Test
  void tellTheListenerOfStepsWhileTheyRun() {
    long[] firstHeard = {0};
    training(SparkEngine.BARRIER, 400, () -> sleeping(-1, 5))
        .listener(report -> firstHeard[0] = firstHeard[0] == 0 ? System.nanoTime() : firstHeard[0])
        .fit(Digits.params());
    assertThat(System.nanoTime() - firstHeard[0]).isGreaterThan(1_000_000_000L);
  }
}
