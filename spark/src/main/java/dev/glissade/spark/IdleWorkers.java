package dev.glissade.spark;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one step leave for those of the next on an executor, as long as there is
 * memory. A task takes its worker out, since another attempt of the same task may still run. Only
 * the trainings that ran last have workers: nobody tells an executor that a training has ended.
 */
final class IdleWorkers {
  private static final int MOST_TRAININGS = 8;
  private static final float LOAD = 0.75f;

  /** The workers of each training by partition, the training that ran last at the end. */
  private static final Map<String, Map<Integer, SoftReference<Object>>> IDLE =
      new LinkedHashMap<>(MOST_TRAININGS, LOAD, true);

  private IdleWorkers() {}

  /** Returns what a partition's last task of this training left; null if there is nothing. */
  static @Nullable Object take(String training, int partition) {
    synchronized (IDLE) {
      Map<Integer, SoftReference<Object>> own = IDLE.get(training);
      SoftReference<Object> idle = own == null ? null : own.remove(partition);
      return idle == null ? null : idle.get();
    }
  }

  static void put(String training, int partition, Object worker) {
    synchronized (IDLE) {
      IDLE.computeIfAbsent(training, id -> new HashMap<>())
          .put(partition, new SoftReference<>(worker));
      if (IDLE.size() > MOST_TRAININGS) {
        IDLE.remove(IDLE.keySet().iterator().next());
      }
    }
  }

  /** Forgets a training in this process. */
  static void forget(String training) {
    synchronized (IDLE) {
      IDLE.remove(training);
    }
  }
}
