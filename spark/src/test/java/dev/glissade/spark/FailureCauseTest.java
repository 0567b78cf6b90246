package dev.glissade.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.NotSerializableException;
import org.apache.spark.SparkDriverExecutionException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark's messages say is understood, and what only sounds like it is not. */
class FailureCauseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Job 3 cancelled ",
        "Job 12 cancelled part of cancelled job group notebook",
        "Job 0 cancelled because Stage 1 was cancelled",
        "[SPARK_JOB_CANCELLED] Job 7 cancelled as part of cancellation of all jobs"
      })
  void aJobThatTheUserEnds(String message) {
    assertThat(FailureCause.isCancelled(new SparkException(message))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Job aborted due to stage failure: Lost task 0.0 in stage 1.0 (TID 2) (host executor 1):"
            + " java.io.IOException: the lease was cancelled",
        "the order of row 3 is cancelled",
        "Job aborted due to stage failure: Job 3 cancelled in a table"
      })
  void aFailureWhoseMessageHasTheWord(String message) {
    assertThat(FailureCause.isCancelled(new SparkException(message))).isFalse();
  }

  @Test
  void whatTheHandlerOfResultsThrows() {
    Exception wrapped = new SparkDriverExecutionException(new IllegalStateException("too many"));
    assertThat(FailureCause.of(wrapped)).isEqualTo("too many");
  }

  @Test
  void whatTheCallerMustMend() {
    Exception task =
        new SparkException("Task not serializable", new NotSerializableException("a.B\nstack"));
    assertThat(FailureCause.mistake(task))
        .hasMessageStartingWith("all that tasks use must be serializable, but a.B was not: ");
    assertThat(
            FailureCause.mistake(
                new SparkException(
                    "Job aborted due to stage failure: Task not serializable:"
                        + " java.io.NotSerializableException: a.C\nSerialization stack:")))
        .hasMessageContaining("but a.C was not");
    assertThat(
            FailureCause.mistake(
                new SparkException(
                    "Job aborted due to stage failure: Task 0 in stage 1.0 failed 1 times, most recent"
                        + " failure: Lost task 0.0 in stage 1.0 (TID 2) (host executor driver):"
                        + " dev.glissade.spark.WrongGradientException: gradients must fit\n\tat x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradients must fit");
    assertThat(FailureCause.mistake(new SparkException("the disk is full"))).isNull();
  }
}
