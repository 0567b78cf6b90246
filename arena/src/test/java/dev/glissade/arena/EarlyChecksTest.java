package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.arena.use.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong options are refused before the data is read, and small data is doubted after. */
class EarlyChecksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** The data does not exist, which would be the complaint if it were looked for first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --optimizer=dpsgd --target-epsilon=-1 | --target-epsilon must be positive, but was -1.0",
        "train --optimizer=dpsgd --target-epsilon=NaN | --target-epsilon must be finite, but was NaN",
        "train --optimizer=dpsgd --target-epsilon=1 --delta=2 | --delta must be between 0 and 1, but was 2.0",
        "train --optimizer=dpsgd --target-epsilon=1 --delta=0 | --delta must be between 0 and 1, but was 0.0",
        "train --target-epsilon=3 | --optimizer must be dpsgd with --target-epsilon, but was prodigy",
        "train --optimizer=dpsgd --target-epsilon=3 --l2=1 | --l2 must not be given with --target-epsilon, where the gradient of each example is clipped, but was 1.0",
        "train --optimizer=dpsgd --target-epsilon=3 --patience=2 | --patience must not be given with",
        "train --optimizer=dpsgd --target-epsilon=3 --weights=balanced | --weights must be equal in",
        "train --optimizer=dpsgd --target-epsilon=3 --resume --checkpoint=c --ledger-lost=-1 | --ledger-lost must not be negative, but was -1",
        "train --delta=1e-5 | --delta must be given with --target-epsilon, but was 1.0E-5 alone",
        "train --label-noise=1.5 | --label-noise must be from 0 to 1, but was 1.5",
        "compare --label-noise=1.5 | --label-noise must be from 0 to 1, but was 1.5",
        "sweep --label-noise=1.5 | --label-noise must be from 0 to 1, but was 1.5",
        "train --loss=huber | --loss must be given with --task regression, but was huber for classes",
        "compare --loss=huber --task=classes | --loss must be given with --task regression, but",
        "sweep --loss=huber | --loss must be given with --task regression, but was huber for classes",
        "train --label-noise=.1 --task=regression | --label-noise must be 0 unless labels are classes",
        "train --weights=balanced --task=regression | --weights must be equal for regression",
        "train --every=3 | --every must be given with --checkpoint, but was 3 alone",
        "train --resume | --resume must be given with --checkpoint, but was given alone",
        "train --keep=0 | --keep must be at least 1, but was 0",
        "sweep --over=target_epsilon=1..3 --optimizers=sgd,adam | with the parameter target_epsilon of --over, such as dpsgd, but had only sgd, adam",
        "sweep --optimizers=prodigy | with the parameter learning_rate of --over, but had only prodigy",
        "sweep --seeds=0 | --seeds must be at least 1, but was 0",
      })
  void beforeTheDataIsRead(String command, String sentence) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.add("--data=missing.csv");
    ProgramRun run = ProgramRun.run(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).startsWith("glissade: --").contains(sentence);
  }

  private Path table(String name, int rows) throws IOException {
    StringBuilder text = new StringBuilder("size,weight,kind,day\n");
    for (int i = 0; i < rows; i++) {
      text.append("%d,%d,%s,2024-0%d-01%n".formatted(i % 7, i % 5, "ab".charAt(i % 2), i % 9 + 1));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void datesAreNoClasses() throws IOException {
    String data = "--data=" + table("days.csv", 300);
    ProgramRun refused = ProgramRun.run("train", data, "--epochs=1");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .hasLineCount(1)
        .contains("must be a column of classes, but has dates such as \"2024-01-01\"")
        .contains("pass --label COLUMN");
    assertThat(ProgramRun.run("train", data, "--epochs=1", "--task=classes").code()).isZero();
  }

  /** The label decides what the table is for, so it comes before holes in other columns. */
  @Test
  void theLabelIsCheckedBeforeTheFeatures() throws IOException {
    Path data = table("holes.csv", 100);
    Files.writeString(data, Files.readString(data).replaceFirst("0,0,a", "?,0,a"));
    assertThat(ProgramRun.run("train", "--data=" + data).err()).contains("has dates such as");
  }

  @Test
  void privateTrainingSaysWhatItDoesNotScale() throws IOException {
    String[] arguments = {
      "train",
      "--data=" + table("private.csv", 200),
      "--label=kind",
      "--drop=day",
      "--optimizer=dpsgd",
      "--target-epsilon=3",
      "--epochs=1",
      "--bounds=size=0:7"
    };
    assertThat(ProgramRun.run(arguments).err()).contains("1 column without --bounds stays as");
    arguments[7] = "--bounds=0:7";
    assertThat(ProgramRun.run(arguments).err()).doesNotContain("without --bounds");
  }

  @Test
  void fewStepsAndFewTestRows() throws IOException {
    String data = "--data=" + table("small.csv", 60);
    String[] label = {"--label=kind", "--drop=day"};
    ProgramRun few =
        ProgramRun.run(
            "compare", data, label[0], label[1], "--optimizers=sgd,prodigy", "--epochs=10");
    assertThat(few.err())
        .contains(
            "prodigy must have about 60 steps to find a step size, but had 20: pass --epochs 30")
        .contains("the test part has only 12 rows, so its score says little about new data");
    ProgramRun enough =
        ProgramRun.run("train", "--data=" + table("larger.csv", 200), label[0], label[1]);
    assertThat(enough.err()).doesNotContain("steps to find", "the test part");
    ProgramRun other =
        ProgramRun.run("train", data, label[0], label[1], "--optimizer=sgd", "--epochs=1");
    assertThat(other.err()).doesNotContain("steps to find").contains("the test part has only 12");
  }

  @Test
  void columnsOutsideOfFeaturesAreCounted() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--data=" + table("some.csv", 200),
            "--label=kind",
            "--features=size",
            "--epochs=1");
    assertThat(run.err()).contains("1 input; 2 not in --features").doesNotContain("dropped");
  }

  @Test
  void optionsHaveTheValuesThatWereUsed() throws IOException {
    Path model = folder.resolve("model.safetensors");
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--optimizer=dpsgd",
            "--target-epsilon=3",
            "--epochs=1",
            "--json",
            "--out=" + model);
    JsonNode plain = JSON.readTree(run.out());
    assertThat(plain.get("model_file").asText()).isEqualTo(model.toString());
    for (JsonNode options :
        List.of(
            plain.get("options"), JSON.readTree(ModelFile.read(model).notes().get("options")))) {
      assertThat(options.get("model").asText()).isEqualTo("mlp");
      assertThat(options.get("hidden").toString()).isEqualTo("[64]");
      assertThat(options.get("delta").asDouble()).isEqualTo(1e-5);
    }
    JsonNode linear =
        JSON.readTree(ProgramRun.run("train", "--model=softmax", "--epochs=2", "--json").out());
    assertThat(linear.at("/options/model").asText()).isEqualTo("softmax");
    assertThat(linear.at("/options/hidden").toString()).isEqualTo("[]");
    assertThat(linear.at("/options/delta").isNull()).isTrue();
    JsonNode sweep =
        JSON.readTree(
            ProgramRun.run(
                    "sweep",
                    "--optimizers=dpsgd",
                    "--over=target_epsilon=1..2",
                    "--points=2",
                    "--epochs=1",
                    "--seeds=1",
                    "--json")
                .out());
    assertThat(sweep.at("/options/delta").asDouble()).isEqualTo(1e-5);
  }

  @Test
  void wordsOfTheProgram() throws IOException {
    assertThat(ProgramRun.run("help", "trian").err())
        .startsWith("glissade: COMMAND must be compare, ")
        .contains("but was \"trian\": did you mean train?");
    assertThat(ProgramRun.run("train", "--epochs=99999999999").err())
        .contains("--epochs must be a whole number of at most 2147483647, but was");
    Path under = Files.writeString(folder.resolve("file"), "").resolve("x");
    assertThat(ProgramRun.run("compare", "--report=" + under).err())
        .startsWith("glissade: --report must be a folder that can be made, but was " + under);
    ProgramRun once =
        ProgramRun.run("compare", "--optimizers=sgd,dpsgd", "--epochs=1", "--report=" + folder);
    assertThat(once.out()).contains(", 1 epoch, batch 32");
    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("anybody who knows the seed");
  }
}
