package dev.glissade.spark;

import java.util.Properties;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The jobs of a training: a tag of their own, and a job group unless the caller has set one, whose
 * cancellation then ends the training. Closing it restores what the caller had set.
 */
final class JobScope implements AutoCloseable {
  private static final String GROUP = "spark.jobGroup.id";

  private final JavaSparkContext context;
  private final String tag;
  private final Properties before;

  /**
   * Begins the scope in this thread.
   *
   * @param tag tells the training from others
   */
  JobScope(JavaSparkContext context, String tag) {
    this.context = context;
    this.tag = tag;
    this.before = (Properties) context.sc().getLocalProperties().clone();
    if (context.getLocalProperty(GROUP) == null) {
      context.setJobGroup(tag, "training", true);
    }
    context.sc().addJobTag(tag);
  }

  /** Describes the jobs to come, for Spark's UI. */
  void describe(String text) {
    context.setJobDescription(text);
  }

  /** Ends the jobs that have a tag, and no others. */
  static void cancel(JavaSparkContext context, String tag) {
    if (!context.sc().isStopped()) {
      context.sc().cancelJobsWithTag(tag);
    }
  }

  @Override
  public void close() {
    cancel(context, tag);
    context.sc().setLocalProperties(before);
  }
}
