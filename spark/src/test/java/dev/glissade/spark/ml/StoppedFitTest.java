package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.spark.TrainingFailedException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit whose session is stopped says so. */
class StoppedFitTest {
  @ParameterizedTest
  @ValueSource(strings = {"barrier", "aggregate"})
  void endsWithASentence(String engine) throws Exception {
    SparkSession spark = MlSession.start();
    AtomicReference<Thread> stopper = new AtomicReference<>();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart job) {
                // The first job reads the rows.
                if (job.jobId() > 0 && stopper.get() == null) {
                  stopper.set(new Thread(spark::stop));
                  stopper.get().start();
                }
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
      if (stopper.get() != null) {
        stopper.get().join();
      }
      spark.stop();
    }
  }
}
