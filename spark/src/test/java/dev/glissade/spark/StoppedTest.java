package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.optimizer.Optimizers;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training whose context is stopped ends at once, and is not tried again. */
class StoppedTest {
  @ParameterizedTest
  @EnumSource(SparkEngine.class)
  void endsTheTraining(SparkEngine engine) throws Exception {
    JavaSparkContext spark = LocalSpark.start(LocalSpark.conf("local[2]"));
    Thread stopper = new Thread(spark::stop);
    try {
      assertThatThrownBy(() ->
              SparkTraining.of(
                      spark.parallelize(Digits.blocks(4, 10, 1), 2),
                      () -> ClusterTest.sleeping(-1, 5),
                      () -> Optimizers.sgd(0.1))
                  .engine(engine)
                  .steps(100_000)
                  .listener(report -> {
                    if (report.step() == 3) {
                      stopper.start();
                    }
                  })
                  .fit(Digits.params()))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageStartingWith("the training was ended: ");
    } finally {
      stopper.join();
    }
    assertThat(spark.sc().isStopped()).isTrue();
    RingTest.requireNoThreads();
  }
}
