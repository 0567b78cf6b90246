package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.models.Losses;
import dev.glissade.models.Objective;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.ClippedSum;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PoissonSampler;
import dev.glissade.privacy.PrivateTraining;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private training on a cluster samples, adds up and counts as private training alone does. */
class PrivateSparkTest {
  static final double RATE = 0.1;
  static final Clipping CLIPPING = new Clipping.Flat(0.5);
  private static JavaSparkContext spark;

  /** The tasks that have failed already, in this process. */
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    // Spark repeats a task up to three times.
    spark =
        LocalSpark.start(
            FlakyFileSystem.register(LocalSpark.conf("local[3,4]"))
                .set("spark.driver.maxResultSize", "4m"));
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
  }

  @AfterEach
  void leavesNothing() {
    assertThat(spark.getPersistentRDDs()).isEmpty();
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
  }

  /** Returns one digit for each element. */
  private static JavaRDD<Digits.Block> examples(int count, int partitions) {
    return spark.parallelize(Digits.blocks(count, 1, 1), partitions);
  }

  static PointGradient<Digits.Block> gradient() {
    Objective objective = Objective.of(Digits.MODEL, Losses.softmaxCrossEntropy()).sequential();
    return (params, example) -> objective.gradient(params, example.batch()).gradient();
  }

  /** Fails after some gradients in the first attempts of each task. */
  private static PointGradient<Digits.Block> failing(int attempts) {
    PointGradient<Digits.Block> sound = gradient();
    int[] seen = {0};
    return (params, example) -> {
      TaskContext task = TaskContext.get();
      if (++seen[0] % 3 == 0 && task.attemptNumber() < attempts) {
        throw new IllegalStateException("the disk is gone");
      }
      return sound.at(params, example);
    };
  }

  /** Returns the terms of one batch. */
  static ClippedSum.Terms terms(Tree params) {
    ClippedSum.Terms terms =
        PrivateTraining.sampledElsewhere(Optimizers.sgd(1.0), params, 1, RATE, CLIPPING, 1).terms();
    return new ClippedSum.Terms(CLIPPING, terms.l2NormClip(), terms.gridStep(), false, 7);
  }

  /** Returns the sum over the batch that a secret determines, in this process. */
  static ClippedSum expected(JavaRDD<Digits.Block> examples, Tree params, byte[] secret)
      throws Exception {
    ClippedSum sum = new ClippedSum(params, terms(params));
    List<List<Digits.Block>> partitions = new ArrayList<>(examples.glom().collect());
    for (int p = 0; p < partitions.size(); p++) {
      List<Digits.Block> own = partitions.get(p);
      for (int i : PoissonSampler.of(own.size(), RATE, secret, p).next()) {
        sum.add(gradient().at(params, own.get(i)));
      }
    }
    return sum;
  }

  static byte[] normalized(Tree params, ClippedSum sum) {
    // Joining propagates the carries, so that equal sums have equal words.
    ClippedSum whole = new ClippedSum(params, sum.terms());
    whole.add(sum);
    return whole.toBytes();
  }

  @Test
  void failuresAndPartitionsDoNotChangeTheBatch() throws Exception {
    Tree params = Digits.params();
    JavaRDD<Digits.Block> examples = examples(300, 4);
    byte[] secret = new byte[32];
    secret[5] = 9;
    ClippedSum one = expected(examples, params, secret);
    assertThat(one.examples()).isBetween(10, 60);
    for (int attempts = 0; attempts <= 4; attempts += 2) {
      int failing = attempts;
      try (PrivateSteps<Digits.Block> jobs =
          new PrivateSteps<>(spark, examples, () -> failing(failing), RATE, 0)) {
        if (attempts == 4) {
          assertThatThrownBy(() -> jobs.sum(params, terms(params), secret.clone(), 7))
              .isInstanceOf(TrainingFailedException.class)
              .hasMessage(
                  "step 7 failed 1 times, last because of java.lang.IllegalStateException: the disk"
                      + " is gone; nothing was spent for it");
        } else {
          ClippedSum sum = jobs.sum(params, terms(params), secret.clone(), 7);
          assertThat(sum.examples()).isEqualTo(one.examples());
          assertThat(normalized(params, sum)).isEqualTo(normalized(params, one));
        }
      }
    }
  }

  @Test
  void aJobThatFailsStartsAgainWithTheSameBatch() throws Exception {
    Tree params = Digits.params();
    JavaRDD<Digits.Block> examples = examples(300, 3);
    byte[] secret = new byte[32];
    ClippedSum one = expected(examples, params, secret);
    SerializableSupplier<PointGradient<Digits.Block>> gradient =
        () -> {
          PointGradient<Digits.Block> sound = gradient();
          return (at, example) -> {
            // All attempts of a partition's first task fail, so the job does.
            if (TaskContext.getPartitionId() == 1 && FAILED.size() < 4) {
              FAILED.add("attempt " + TaskContext.get().attemptNumber());
              throw new IllegalStateException("the network is gone");
            }
            return sound.at(at, example);
          };
        };
    try (PrivateSteps<Digits.Block> jobs = new PrivateSteps<>(spark, examples, gradient, RATE, 1)) {
      ClippedSum sum = jobs.sum(params, terms(params), secret.clone(), 1);
      assertThat(normalized(params, sum)).isEqualTo(normalized(params, one));
    }
    assertThat(FAILED).hasSize(4);
  }

  @Test
  void stepsCountOnceAndEpsilonIsThatOfPrivateTraining() {
    JavaRDD<Digits.Block> examples = examples(500, 3);
    PrivacyBudget budget = PrivacyBudget.of(4, 1e-5);
    List<Long> told = new ArrayList<>();
    SparkPrivateResult result =
        SparkPrivateTraining.of(
                examples, () -> failing(1), Optimizers.sgd(0.5), RATE, CLIPPING, 1.0)
            .steps(10_000)
            .budget(budget)
            .listener(told::add)
            .fit(Digits.params());
    PrivateTraining alone =
        PrivateTraining.of(Optimizers.sgd(0.5), Digits.params(), 500, RATE, CLIPPING, 1.0)
            .budget(budget);
    assertThat(result.steps()).isEqualTo(alone.stepsLeft()).isBetween(20L, 500L);
    assertThat(result.examples()).isEqualTo(500);
    assertThat(told).hasSize((int) result.steps());
    assertThat(result.guarantee(1e-5).epsilon()).isLessThanOrEqualTo(4);
    for (int i = 0; i < result.steps(); i++) {
      assertThat(alone.step((at, example) -> at.zeros().evaluate())).isTrue();
    }
    assertThat(result.guarantee(1e-5)).isEqualTo(alone.guarantee(1e-5));
  }

  @Test
  void learns() {
    SparkPrivateResult result =
        SparkPrivateTraining.of(
                examples(2000, 3),
                PrivateSparkTest::gradient,
                Optimizers.sgd(2.0),
                0.2,
                CLIPPING,
                0.8)
            .steps(60)
            .fit(Digits.params());
    double before = Digits.accuracy(Digits.params(), Digits.blocks(1, 500, 2).get(0));
    double after = Digits.accuracy(result.params(), Digits.blocks(1, 500, 2).get(0));
    assertThat(before).isLessThan(0.3);
    assertThat(after).isGreaterThan(0.8);
  }

  @Test
  void aTrainingContinuesFromItsCheckpointAndItsLedger() throws Exception {
    JavaRDD<Digits.Block> examples = examples(200, 2);
    Path file = folder.resolve("ledger");
    String checkpoints = folder.resolve("run").toUri().toString();
    try (PrivacyLedger ledger = PrivacyLedger.at(file)) {
      SparkPrivateTraining<Digits.Block> training =
          SparkPrivateTraining.of(
                  examples, PrivateSparkTest::gradient, Optimizers.adam(1e-2), RATE, CLIPPING, 1.0)
              .ledger(ledger)
              .checkpoints(checkpoints, 2)
              .steps(7)
              .listener(step -> {
                if (step == 5) {
                  throw new IllegalStateException("the driver is gone");
                }
              });
      assertThatThrownBy(() -> training.fit(Digits.params())).hasMessage("the driver is gone");
      SparkPrivateResult result = training.listener(step -> {}).fit(Digits.params());
      // Step 5 was taken twice, and its noise drawn twice: both count.
      assertThat(result.steps()).isEqualTo(7);
      assertThat(ledger.spent().get(0).count()).isEqualTo(8);
    }
    try (PrivacyLedger other = PrivacyLedger.at(folder.resolve("other"))) {
      SparkPrivateTraining<Digits.Block> training =
          SparkPrivateTraining.of(
                  examples, PrivateSparkTest::gradient, Optimizers.adam(1e-2), RATE, CLIPPING, 1.0)
              .ledger(other)
              .checkpoints(checkpoints, 2)
              .steps(8);
      assertThatThrownBy(() -> training.fit(Digits.params()))
          .hasMessageContaining("must have every step that it had at the checkpoint");
      SparkPrivateResult result = training.restoreLedger(1).fit(Digits.params());
      assertThat(result.steps()).isEqualTo(8);
      assertThat(other.spent().get(0).count()).isEqualTo(10);
    }
    assertThat(Files.list(folder.resolve("run"))).isNotEmpty();
  }

  @Test
  void aCheckpointThatCanNotBeSavedEndsTheTrainingWithASentence() throws Exception {
    JavaRDD<Digits.Block> examples = examples(50, 2);
    try (PrivacyLedger ledger = PrivacyLedger.at(folder.resolve("ledger"))) {
      SparkPrivateTraining<Digits.Block> training =
          SparkPrivateTraining.of(
                  examples, PrivateSparkTest::gradient, Optimizers.sgd(1e-2), RATE, CLIPPING, 1.0)
              .ledger(ledger)
              .checkpoints(FlakyFileSystem.uri(folder.resolve("run")), 2)
              .steps(4)
              .retries(2);
      FlakyFileSystem.CREATIONS.set(3);
      assertThatThrownBy(() -> training.fit(Digits.params()))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessage(
              "the checkpoint of step 2 could not be saved 3 times in a row, first because of the"
                  + " disk is full; the ledger has all steps, and those that a continuation takes"
                  + " again count twice");
      assertThat(ledger.spent().get(0).count()).isEqualTo(2);
      FlakyFileSystem.CREATIONS.set(2);
      assertThat(training.fit(Digits.params()).steps()).isEqualTo(4);
      assertThat(ledger.spent().get(0).count()).isEqualTo(6);
    }
  }

  @Test
  void aPartitionWithoutRowsIsNoTrouble() {
    SparkPrivateResult result =
        SparkPrivateTraining.of(
                examples(2, 5),
                PrivateSparkTest::gradient,
                Optimizers.sgd(0.1),
                RATE,
                CLIPPING,
                1.0)
            .steps(2)
            .fit(Digits.params());
    assertThat(result.steps()).isEqualTo(2);
  }

  @Test
  void wrongOptionsAreRefused() {
    JavaRDD<Digits.Block> none = examples(0, 1);
    assertThatThrownBy(() ->
            SparkPrivateTraining.of(
                    none, PrivateSparkTest::gradient, Optimizers.sgd(0.1), RATE, CLIPPING, 1.0)
                .fit(Digits.params()))
        .hasMessage("samplingRate and examples must be positive, but were 0.1 and 0");
    SparkPrivateTraining<Digits.Block> training =
        SparkPrivateTraining.of(
            examples(10, 1), PrivateSparkTest::gradient, Optimizers.sgd(0.1), 1.5, CLIPPING, 1.0);
    assertThatThrownBy(() -> training.fit(Digits.params()))
        .hasMessage("samplingRate must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> training.steps(0)).hasMessage("steps must be at least 1, but was 0");
    assertThatThrownBy(() -> training.checkpoints("x", 1).fit(Digits.params()))
        .hasMessageStartingWith("ledger must be set if there are checkpoints");
  }

  private static SparkPrivateTraining<Digits.Block> training(
      SerializableSupplier<PointGradient<Digits.Block>> gradient) {
    return SparkPrivateTraining.of(
        examples(200, 2), gradient, Optimizers.sgd(0.1), RATE, CLIPPING, 1.0);
  }

  @Test
  void aTrainingEndsWhenAnotherSpendsTheRestMeanwhile() {
    PrivacyBudget budget = PrivacyBudget.of(4, 1e-5);
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    PrivateTraining other =
        PrivateTraining.sampledElsewhere(
                Optimizers.sgd(0.1), Digits.params(), 200, RATE, CLIPPING, 1.0)
            .budget(budget)
            .ledger(ledger);
    OTHER.set(other);
    SparkPrivateResult result =
        training(
                () -> {
                  PointGradient<Digits.Block> sound = gradient();
                  return (params, example) -> {
                    spendTheRest();
                    return sound.at(params, example);
                  };
                })
            .budget(budget)
            .ledger(ledger)
            .steps(1000)
            .fit(Digits.params());
    assertThat(result.steps()).isZero();
    assertThat(other.steps()).isGreaterThan(5);
    assertThat(result.params().sameBits(Digits.params())).isTrue();
  }

  /** The training that spends the budget while another one computes. */
  private static final AtomicReference<PrivateTraining> OTHER = new AtomicReference<>();

  private static void spendTheRest() {
    PrivateTraining other = OTHER.getAndSet(null);
    while (other != null && other.begin(1)) {
      other.add(0, new ClippedSum(other.params(), other.terms()));
      other.finish();
    }
  }

  @Test
  void checkpointsOfOthersAreRefused() throws Exception {
    String uri = folder.resolve("run").toUri().toString();
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    training(PrivateSparkTest::gradient)
        .ledger(ledger)
        .checkpoints(uri, 5)
        .steps(14)
        .fit(Digits.params());
    long spent = ledger.spent().get(0).count();
    SparkPrivateTraining<Digits.Block> shorter =
        training(PrivateSparkTest::gradient).steps(5).ledger(ledger).checkpoints(uri, 5);
    requireRefused(shorter, 14, "its step must be at most 5, but was 14");
    SparkPrivateTraining<Digits.Block> adam =
        SparkPrivateTraining.of(
                examples(200, 2),
                PrivateSparkTest::gradient,
                Optimizers.adam(0.1),
                RATE,
                CLIPPING,
                1)
            .ledger(ledger)
            .checkpoints(uri, 5);
    requireRefused(adam, 14, "");
    String open = folder.resolve("open").toUri().toString();
    SparkTraining.of(examples(200, 2), () -> Digits.gradient(0), () -> Optimizers.sgd(0.1))
        .steps(3)
        .checkpoints(open, 3)
        .fit(Digits.params());
    SparkPrivateTraining<Digits.Block> fromOpen =
        training(PrivateSparkTest::gradient).ledger(ledger).checkpoints(open, 5);
    requireRefused(fromOpen, 3, "training");
    assertThat(ledger.spent().get(0).count()).isEqualTo(spent);
  }

  private static void requireRefused(SparkPrivateTraining<?> training, int step, String why) {
    assertThatThrownBy(() -> training.fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "step-%012d.safetensors must belong to this training: ".formatted(step))
        .hasMessageContaining(why)
        .hasMessageEndingWith("; use another folder for another training");
  }

  @Test
  void wrongGradientsAndExamplesEndTheTrainingAtOnce() {
    assertThatThrownBy(() ->
            training(() ->
                    (params, example) -> {
                      FAILED.add("attempt " + System.nanoTime());
                      return Tree.of("w", Tensor.of(new float[2]));
                    })
                .fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients");
    assertThat(FAILED).hasSizeLessThanOrEqualTo(8);
    Object connection = new Object();
    assertThatThrownBy(() ->
            training(() -> connection.hashCode() == 0 ? null : gradient()).fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but java.lang.Object was not: make it Serializable");
    JavaRDD<Digits.Block> broken =
        examples(10, 2)
            .map(block -> {
              throw new IllegalStateException("the file is gone");
            });
    assertThatThrownBy(() ->
            SparkPrivateTraining.of(
                    broken, PrivateSparkTest::gradient, Optimizers.sgd(0.1), RATE, CLIPPING, 1.0)
                .fit(Digits.params()))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "the examples must be counted before step 1, but this failed because of"
                + " java.lang.IllegalStateException: the file is gone");
  }

  @Test
  void batchesAndSumsThatAreTooLargeAreRefused() {
    SparkPrivateTraining.requireBatch(0.5, 1 << 20 - 1);
    SparkPrivateTraining.requireBatch(1, 1 << 19);
    JavaRDD<Integer> many =
        spark
            .parallelize(List.of(0, 300_000), 2)
            .flatMap(from -> IntStream.range(from, from + 300_000).iterator());
    PointGradient<Integer> none =
        (params, example) -> {
          throw new IllegalStateException("a step was taken");
        };
    assertThatThrownBy(() ->
            SparkPrivateTraining.of(many, () -> none, Optimizers.sgd(0.1), 0.9, CLIPPING, 1.0)
                .fit(Digits.params()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a batch must have at most 524288 examples, but samplingRate 0.9 of 600000 examples"
                + " draws up to 541395: use a smaller samplingRate");
    // Two words of four bytes for each number and partition: 4,000,000 bytes fit.
    Tree fits = Tree.of("w", Tensor.of(new float[250_000]));
    assertThat(
            SparkPrivateTraining.of(
                    spark.parallelize(List.of(1, 2), 2),
                    () -> (params, example) -> params,
                    Optimizers.sgd(0.1),
                    RATE,
                    CLIPPING,
                    1.0)
                .steps(1)
                .fit(fits)
                .steps())
        .isEqualTo(1);
    Tree large = Tree.of("w", Tensor.of(new float[300_000]));
    assertThatThrownBy(() -> training(PrivateSparkTest::gradient).fit(large))
        .hasMessage(
            "spark.driver.maxResultSize must be at least 4800000, for the sums of 2 partitions, but"
                + " was 4194304: raise it, or use fewer partitions");
  }

  @Test
  void theJobGroupOfTheCallerEndsTheTraining() throws Exception {
    spark.setJobGroup("notebook", "a cell", true);
    Thread canceller =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            spark.cancelJobGroup("notebook");
            LockSupport.parkNanos(5_000_000);
          }
        });
    try {
      assertThatThrownBy(() ->
              training(PrivateSparkTest::gradient)
                  .steps(10_000)
                  .listener(step -> {
                    if (step == 2) {
                      canceller.start();
                    }
                  })
                  .fit(Digits.params()))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageStartingWith("the training was ended: Job");
      assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo("notebook");
    } finally {
      canceller.interrupt();
      canceller.join();
      spark.clearJobGroup();
    }
  }
}
