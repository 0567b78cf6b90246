package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that went astray exits 3 and writes nothing; one without a result does not. */
class DivergedTest {
  @TempDir private Path folder;

  private Path table(String rows) throws IOException {
    return Files.writeString(folder.resolve("t.csv"), rows);
  }

  private ProgramRun train(Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "--epochs=2", "--out=" + out));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--optimizer=sgd(learning_rate=1e30)",
        "--optimizer=sgd(learning_rate=1e8)",
        "--optimizer=adam(learning_rate=1e20)",
        "--optimizer=lion(learning_rate=1e28)",
        "--optimizer=sgd(learning_rate=1e30)|--model=softmax",
        "--optimizer=lbfgs(linesearch=identity,learning_rate=1e30)|--batch=all",
        "--optimizer=sgd(learning_rate=1e30)|--non-finite=skip",
        "--optimizer=sgd(learning_rate=1e30)|--non-finite=allow",
        "--optimizer=dpsgd(learning_rate=1e30)|--target-epsilon=3",
      })
  void nothingIsWritten(String arguments) throws IOException {
    Path out = Files.writeString(folder.resolve("model.safetensors"), "old");
    ProgramRun train = train(out, arguments.split("\\|"));
    assertThat(train.code()).as(train.out() + train.err()).isEqualTo(3);
    assertThat(train.err())
        .contains(" diverged, so " + out + " was not written")
        .contains("try a smaller learning_rate");
    assertThat(out).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(out);
    }
  }

  /** On examples that any weights tell apart: the loss is 0. */
  @Test
  void saturatedWeightsAreOfNoUse() throws IOException {
    Path data = table("x,label\n" + "-1,a\n1,b\n".repeat(20));
    Path out = folder.resolve("model.safetensors");
    ProgramRun train =
        train(out, "--data=" + data, "--model=softmax", "--optimizer=sgd(learning_rate=1e30)");
    assertThat(train.code()).as(train.out() + train.err()).isEqualTo(3);
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "sgd", "adamw", "cocob", "sgd(learning_rate=1)", "lbfgs"})
  void constantColumnsTeachNothingButDoNotDiverge(String optimizer) throws IOException {
    Path data = table("a,b,label\n" + "7,7,yes\n7,7,no\n".repeat(20));
    Path out = folder.resolve("model.safetensors");
    ProgramRun train = train(out, "--data=" + data, "--optimizer=" + optimizer);
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.out()).doesNotContain("diverged").contains("train loss 0.");
    assertThat(train.err()).contains("constant columns, which teach nothing: 2");
    assertThat(out).exists();
  }

  @Test
  void aLearningRateThatIsMerelyBadIsNoDivergence() {
    Path out = folder.resolve("model.safetensors");
    assertThat(train(out, "--optimizer=sgd(learning_rate=1e-9)").code()).isZero();
    assertThat(train(out, "--optimizer=sgd(learning_rate=2)").code()).isZero();
  }

  /** Noise alone makes a private model weak; what it cost is spent, so it is written. */
  @Test
  void aWeakPrivateModelIsWritten() {
    Path out = folder.resolve("model.safetensors");
    ProgramRun train = train(out, "--optimizer=dpsgd", "--target-epsilon=0.1");
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(out).exists();
  }

  /** The digits have pixels that are never set; that is not news. */
  @Test
  void nothingIsDoubtfulAboutTheDigits() {
    ProgramRun train = train(folder.resolve("model.safetensors"), "--optimizer=sgd");
    assertThat(train.code()).isZero();
    assertThat(train.err()).doesNotContain("teach nothing", "rows of");
  }

  /** What is doubtful about a private table depends on single rows, so it is not said. */
  @Test
  void doubtsOfAPrivateTableAreNotSaid() throws IOException {
    Path data = table("a,b,label\n" + "7,1,yes\n7,2,no\n".repeat(20) + "7,3,odd\n");
    Path out = folder.resolve("model.safetensors");
    ProgramRun open = train(out, "--data=" + data, "--optimizer=sgd");
    assertThat(open.err()).contains("constant columns", "classes with a single row");
    ProgramRun hidden = train(out, "--data=" + data, "--optimizer=dpsgd", "--target-epsilon=3");
    assertThat(hidden.code()).as(hidden.err()).isZero();
    assertThat(hidden.err())
        .contains("41 rows: ", "2 inputs")
        .doesNotContain("constant columns", "classes with a single row");
  }

  @Test
  void aComparisonExitsSoOnlyIfAllDiverged() throws IOException {
    Path report = folder.resolve("report");
    ProgramRun all =
        ProgramRun.run(
            "compare",
            "--optimizers=sgd(learning_rate=1e30),lion(learning_rate=1e28)",
            "--epochs=1",
            "--seeds=1",
            "--report=" + report);
    assertThat(all.code()).isEqualTo(3);
    assertThat(all.err()).contains("all runs diverged");
    assertThat(
            new ObjectMapper()
                .readTree(report.resolve("results.json").toFile())
                .findValues("diverged"))
        .allMatch(com.fasterxml.jackson.databind.JsonNode::asBoolean);
    ProgramRun one =
        ProgramRun.run(
            "compare", "--optimizers=sgd(learning_rate=1e30),sgd", "--epochs=1", "--seeds=1");
    assertThat(one.code()).isZero();
  }
}
