package dev.glissade.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Data that jobs read again and again: persisted if the caller has not done it, until the last of
 * the trainings that use it ends.
 */
final class CachedData implements AutoCloseable {
  /** How many trainings use the data that this class has persisted. */
  private static final Map<RDD<?>, Integer> USES = new HashMap<>();

  private final JavaRDD<?> data;
  private final boolean ours;

  CachedData(JavaRDD<?> data) {
    this.data = data;
    synchronized (USES) {
      boolean fresh = data.getStorageLevel().equals(StorageLevel.NONE());
      this.ours = fresh || USES.containsKey(data.rdd());
      if (fresh) {
        data.persist(StorageLevel.MEMORY_AND_DISK());
      }
      if (ours) {
        USES.merge(data.rdd(), 1, Integer::sum);
      }
    }
  }

  @Override
  public void close() {
    if (!ours) {
      return;
    }
    synchronized (USES) {
      Integer left = USES.computeIfPresent(data.rdd(), (rdd, uses) -> uses > 1 ? uses - 1 : null);
      if (left == null && !data.context().isStopped()) {
        data.unpersist(true);
      }
    }
  }
}
