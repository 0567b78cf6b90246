package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;

/** Trainings that run at the same time share data, and executors forget those that have ended. */
class SharedDataTest {
  @Test
  void dataStaysUntilTheLastTrainingEnds() {
    try (JavaSparkContext spark = LocalSpark.start(LocalSpark.conf("local[1]"))) {
      JavaRDD<Integer> data = spark.parallelize(List.of(1, 2), 2);
      CachedData first = new CachedData(data);
      CachedData second = new CachedData(data);
      first.close();
      assertThat(spark.getPersistentRDDs()).hasSize(1);
      second.close();
      assertThat(spark.getPersistentRDDs()).isEmpty();
      data.persist(StorageLevel.MEMORY_ONLY());
      new CachedData(data).close();
      assertThat(data.getStorageLevel()).isEqualTo(StorageLevel.MEMORY_ONLY());
      data.unpersist();
    }
  }

  @Test
  void onlyTheTrainingsThatRanLastHaveWorkers() {
    for (int training = 0; training < 9; training++) {
      IdleWorkers.put("t" + training, 3, "worker " + training);
      IdleWorkers.put("t" + training, 4, "worker");
    }
    assertThat(IdleWorkers.take("t0", 3)).isNull();
    assertThat(IdleWorkers.take("t1", 3)).isEqualTo("worker 1");
    assertThat(IdleWorkers.take("t1", 3)).isNull();
    assertThat(IdleWorkers.take("t8", 3)).isEqualTo("worker 8");
    for (int training = 0; training < 9; training++) {
      IdleWorkers.forget("t" + training);
      assertThat(IdleWorkers.take("t" + training, 4)).isNull();
    }
  }
}
