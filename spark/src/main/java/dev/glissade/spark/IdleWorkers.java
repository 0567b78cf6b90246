package dev.glissade.spark;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one step leave for those of the next on an executor, as long as there is
 * memory. A task takes its worker out, since another attempt of the same task may still run.
 */
final class IdleWorkers {
  private static final Map<String, SoftReference<Object>> IDLE = new ConcurrentHashMap<>();
  private static final int MOST_IDLE = 256;

  private IdleWorkers() {}

  /** Returns what a partition's last task of this training left; null if there is nothing. */
  static @Nullable Object take(String training, int partition) {
    SoftReference<Object> idle = IDLE.remove(key(training) + partition);
    return idle == null ? null : idle.get();
  }

  static void put(String training, int partition, Object worker) {
    if (IDLE.size() >= MOST_IDLE) {
      IDLE.clear();
    }
    IDLE.put(key(training) + partition, new SoftReference<>(worker));
  }

  /** Forgets a training in this process. */
  static void forget(String training) {
    IDLE.keySet().removeIf(key -> key.startsWith(key(training)));
  }

  private static String key(String training) {
    return training + " partition ";
  }
}
