package dev.glissade.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Runs one task on each partition and collects their results, for the caller to add up. */
final class PartitionJob {
  private PartitionJob() {}

  /**
   * A task.
   *
   * @param <T> the elements of the partitions
   * @param <R> the results
   */
  interface Task<T, R> extends Serializable {
    R run(TaskContext context, scala.collection.Iterator<T> in) throws Exception;
  }

  /** A function of Scala that Java can serialize. */
  private interface Function<T, R>
      extends Function2<TaskContext, scala.collection.Iterator<T>, R>, Serializable {}

  /** Returns the first result of each partition, in the order of partitions. */
  @SuppressWarnings("unchecked") // Scala makes the array by the tag
  static <T, R> R[] results(JavaRDD<T> data, Task<T, R> task, Class<R> type) {
    List<Object> partitions = new ArrayList<>();
    for (int i = 0; i < data.getNumPartitions(); i++) {
      partitions.add(i);
    }
    Function<T, R> function = (context, in) -> one(task, context, in);
    ClassTag<R> tag = ClassTag$.MODULE$.apply(type);
    R[] results =
        (R[])
            data.context()
                .runJob(
                    data.rdd(), function, CollectionConverters.asScala(partitions).toSeq(), tag);
    for (R result : results) {
      if (result == null) {
        throw new IllegalStateException("the job must return the sums of all partitions");
      }
    }
    return results;
  }

  private static <T, R> R one(
      Task<T, R> task, TaskContext context, scala.collection.Iterator<T> in) {
    try {
      return task.run(context, in);
    } catch (Exception e) {
      throw PartitionJob.<RuntimeException>sneaky(e);
    }
  }

  /** Throws anything: Scala's functions declare no exceptions. */
  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
    throw (E) e;
  }
}
