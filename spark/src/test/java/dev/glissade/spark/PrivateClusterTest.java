package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.ClippedSum;
import dev.glissade.privacy.accounting.PrivacyLedger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Private steps on executors that are killed. */
@Tag("cluster")
class PrivateClusterTest {
  private static final int KILLS = 10;
  private static final int STEPS = 150;

  private static JavaSparkContext spark;

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

  private static PointGradient<Digits.Block> slow() {
    PointGradient<Digits.Block> sound = PrivateSparkTest.gradient();
    return (params, example) -> {
      Thread.sleep(10);
      return sound.at(params, example);
    };
  }

  /** Kills executors while a step runs, as long as there are kills left. */
  private static Thread killer(AtomicInteger kills, AtomicLong steps) {
    Thread killer =
        new Thread(
            () -> {
              SplittableRandom random = new SplittableRandom(5);
              try {
                while (kills.get() < KILLS) {
                  long before = steps.get();
                  while (steps.get() == before) {
                    Thread.sleep(5);
                  }
                  Thread.sleep(random.nextInt(300));
                  List<ProcessHandle> alive = ClusterSpark.executors();
                  if (!alive.isEmpty()
                      && alive.get(random.nextInt(alive.size())).destroyForcibly()) {
                    kills.incrementAndGet();
                  }
                }
              } catch (InterruptedException e) {
                // The training has ended.
              }
            },
            "killer");
    killer.start();
    return killer;
  }

  @Test
  void eachStepAddsUpTheBatchOfItsSecretAndCountsOnce() throws Exception {
    Tree params = Digits.params();
    JavaRDD<Digits.Block> examples = spark.parallelize(Digits.blocks(300, 1, 1), 2);
    ClippedSum.Terms terms = PrivateSparkTest.terms(params);
    AtomicInteger kills = new AtomicInteger();
    AtomicLong steps = new AtomicLong();
    Thread killer = killer(kills, steps);
    try (PrivateSteps<Digits.Block> jobs =
        new PrivateSteps<>(
            spark, examples, PrivateClusterTest::slow, PrivateSparkTest.RATE, 2 * KILLS)) {
      byte[] secret = new byte[32];
      for (int step = 0; step < STEPS && kills.get() < KILLS; step++) {
        secret[0] = (byte) step;
        secret[1] = (byte) (step >> 8);
        ClippedSum sum = jobs.sum(params, terms, secret.clone(), step + 1);
        ClippedSum one = PrivateSparkTest.expected(examples, params, secret);
        assertThat(PrivateSparkTest.normalized(params, sum))
            .as("step %d", step)
            .isEqualTo(PrivateSparkTest.normalized(params, one));
        steps.incrementAndGet();
      }
    } finally {
      killer.interrupt();
      killer.join();
    }
    assertThat(kills.get()).isEqualTo(KILLS);
  }

  @Test
  void theLedgerCountsStepsNotAttempts() throws Exception {
    AtomicInteger kills = new AtomicInteger(KILLS - 3);
    AtomicLong steps = new AtomicLong();
    Thread killer = killer(kills, steps);
    PrivacyLedger ledger = PrivacyLedger.inMemory();
    try {
      SparkPrivateResult result =
          SparkPrivateTraining.of(
                  spark.parallelize(Digits.blocks(300, 1, 1), 2),
                  PrivateClusterTest::slow,
                  Optimizers.sgd(0.5),
                  PrivateSparkTest.RATE,
                  PrivateSparkTest.CLIPPING,
                  1.0)
              .ledger(ledger)
              .steps(60)
              .retries(2 * KILLS)
              .listener(steps::set)
              .fit(Digits.params());
      assertThat(result.steps()).isEqualTo(60);
      assertThat(ledger.spent().get(0).count()).isEqualTo(60);
      assertThat(kills.get()).isEqualTo(KILLS);
    } finally {
      killer.interrupt();
      killer.join();
    }
  }
}
