package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.spark.KilledDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit whose driver was killed goes on in another one, and ends with the same bits. */
@Tag("cluster")
class EstimatorClusterTest {
  private static final int STEP = 100;

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = MlSession.start();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"barrier", "aggregate"})
  void goesOnWhereTheDriverWasKilled(String engine) throws Exception {
    String checkpoints = folder.toUri().toString();
    Process driver = KilledDriver.start(KilledFit.class, checkpoints, engine);
    try {
      KilledDriver.awaitCheckpoint(folder, STEP);
      driver.destroyForcibly().waitFor();
    } finally {
      driver.destroyForcibly();
    }
    List<String> jobs = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.add(String.valueOf(job.properties().getProperty("spark.job.description")));
          }
        };
    spark.sparkContext().addSparkListener(listener);
    GlissadeClassificationModel continued =
        KilledFit.classifier(engine).setCheckpointDir(checkpoints).fit(KilledFit.rows(spark));
    spark.sparkContext().removeSparkListener(listener);
    assertThat(firstStep(jobs)).isGreaterThanOrEqualTo(STEP);
    GlissadeClassificationModel undisturbed =
        KilledFit.classifier(engine).fit(KilledFit.rows(spark));
    assertThat(continued.parameters().sameBits(undisturbed.parameters())).isTrue();
    assertThat(continued.summary().stepLosses()).isEqualTo(undisturbed.summary().stepLosses());
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /** Returns the first step of the first job that trains, which its description names. */
  private static int firstStep(List<String> jobs) {
    return jobs.stream()
        .filter(name -> name.matches("training: step.*"))
        .map(name -> name.replaceFirst("\\D+(\\d+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }
}
