package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.spark.TrainingFailedException;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit whose session is stopped says so. */
class StoppedFitTest {
  @Timeout(60)
  @ParameterizedTest
  @ValueSource(strings = {"barrier", "aggregate"})
  void endsWithASentence(String engine) throws Exception {
    SparkSession spark = MlSession.start();
    CountDownLatch training = new CountDownLatch(2); // the first job only reads the rows
    // Not a thread of the listener's, which Spark forbids to stop it.
    Thread stopper =
        new Thread(() -> {
          try {
            training.await();
            spark.stop();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    stopper.start();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart job) {
                training.countDown();
              }
            });
    try {
      Dataset<Row> rows = MlSession.dataset(spark, MlSession.digits(200, 1), 2);
      GlissadeClassifier classifier =
          new GlissadeClassifier().setMaxIter(100_000).setBatchSize(50).setEngine(engine);
      assertThatThrownBy(() -> classifier.fit(rows))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageStartingWith("the training was ended: ");
    } finally {
      training.countDown();
      training.countDown();
      stopper.join();
      spark.stop();
    }
  }
}
