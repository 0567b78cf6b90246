package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models are written, scored, and used on new data. */
class UseTest {
  @TempDir Path folder;

  private Path train;
  private Path test;
  private Path model;

  /** A table with words and holes, whose class and number follow from its columns. */
  @BeforeEach
  void tables() throws IOException {
    train = table("train.csv", 300, 1);
    test = table("test.csv", 100, 2);
    model = folder.resolve("model.safetensors");
  }

  private Path table(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>(List.of("size,color,weight,kind,price"));
    for (int i = 0; i < rows; i++) {
      double size = random.nextGaussian();
      String color = List.of("red", "green", "blue").get(random.nextInt(3));
      String weight = random.nextInt(5) == 0 ? "" : String.valueOf(100 + random.nextInt(50));
      boolean large = size + (color.equals("red") ? 1 : 0) > 0.3;
      double price = 1000 + 20 * size + (color.equals("blue") ? 15 : 0) + random.nextGaussian();
      lines.add("%s,%s,%s,%s,%s".formatted(size, color, weight, large ? "large" : "small", price));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private ProgramRun trained(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + train,
                "--test=" + test,
                "--missing=column",
                "--epochs=20",
                "--out=" + model,
                "--json"));
    arguments.addAll(List.of(more));
    ProgramRun run = ProgramRun.run(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static JsonNode json(ProgramRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static List<String[]> rows(String csv) {
    return csv.lines().map(line -> line.split(",")).toList();
  }

  @Test
  void evaluationOfTheTestFileIsThatOfTheTraining() throws IOException {
    JsonNode run = json(trained("--label=kind", "--drop=price"));
    JsonNode scores = json(ProgramRun.run("evaluate", "" + model, "" + test, "--json"));
    assertThat(scores.get("accuracy").asDouble())
        .isEqualTo(run.get("test_accuracy").asDouble())
        .isGreaterThan(0.9);
    assertThat(scores.get("loss").asDouble())
        .isCloseTo(run.get("test_loss").asDouble(), within(1e-6));
    assertThat(scores.get("examples").asInt()).isEqualTo(100);
    ProgramRun text = ProgramRun.run("evaluate", "" + model, "" + test);
    assertThat(text.out())
        .contains("most frequent class", "area under ROC", "rows: the class", "confidence");
  }

  @Test
  void predictionsOfClassesComeWithProbabilities() throws IOException {
    trained("--label=kind", "--drop=price");
    ProgramRun run = ProgramRun.run("predict", "" + model, "" + test);
    assertThat(run.code()).as(run.err()).isZero();
    List<String[]> rows = rows(run.out());
    List<String[]> truth = rows(Files.readString(test));
    assertThat(rows.get(0)).containsExactly("kind", "probability of large", "probability of small");
    assertThat(rows).hasSize(101);
    int right = 0;
    for (int i = 1; i < rows.size(); i++) {
      double large = Double.parseDouble(rows.get(i)[1]);
      assertThat(large + Double.parseDouble(rows.get(i)[2])).isCloseTo(1, within(1e-6));
      assertThat(rows.get(i)[0]).isEqualTo(large > 0.5 ? "large" : "small");
      right += rows.get(i)[0].equals(truth.get(i)[3]) ? 1 : 0;
    }
    ProgramRun lines = ProgramRun.run("predict", "" + model, "" + test, "--json");
    assertThat(lines.out().lines()).hasSize(100);
    JsonNode first = new ObjectMapper().readTree(lines.out().lines().findFirst().orElseThrow());
    assertThat(first.get("prediction").asText()).isEqualTo(rows.get(1)[0]);
    assertThat(first.at("/probabilities/large").asDouble())
        .isEqualTo(Double.parseDouble(rows.get(1)[1]));
    JsonNode scores = json(ProgramRun.run("evaluate", "" + model, "" + test, "--json"));
    assertThat(right / 100.0).isEqualTo(scores.get("accuracy").asDouble());
  }

  @Test
  void columnsMayComeInAnyOrderWithOthersAmongThem() throws IOException {
    trained("--label=kind", "--drop=price");
    String before = ProgramRun.run("predict", "" + model, "" + test).out();
    List<String> turned =
        rows(Files.readString(test)).stream()
            .map(row -> String.join(",", row[2], "x" + row[0].hashCode(), row[1], row[0]))
            .toList();
    Path other = folder.resolve("other.csv");
    List<String> lines = new ArrayList<>(turned);
    lines.set(0, "weight,note,color,size");
    Files.write(other, lines);
    ProgramRun run = ProgramRun.run("predict", "" + model, "" + other);
    assertThat(run.out()).isEqualTo(before);
    assertThat(run.err()).contains("ignored columns that the model does not use: \"note\"");
    Files.write(other, List.of("weight,color", "100,red"));
    assertThat(ProgramRun.run("predict", "" + model, "" + other).err()).contains("size");
    assertThat(ProgramRun.run("evaluate", "" + model, "" + other).code()).isEqualTo(2);
  }

  @Test
  void numbersArePredictedInTheirOwnUnit() throws IOException {
    JsonNode run = json(trained("--label=price", "--drop=kind", "--task=regression"));
    JsonNode scores = json(ProgramRun.run("evaluate", "" + model, "" + test, "--json"));
    assertThat(scores.get("r2").asDouble()).isGreaterThan(0.95);
    assertThat(scores.get("rmse").asDouble()).isBetween(0.5, 5.0);
    assertThat(run.toString()).contains("r2");
    Path out = folder.resolve("predicted.csv");
    ProgramRun predicted = ProgramRun.run("predict", "" + model, "" + test, "--out=" + out);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.out()).isEmpty();
    List<String[]> rows = rows(Files.readString(out));
    List<String[]> truth = rows(Files.readString(test));
    double errors = 0;
    for (int i = 1; i < rows.size(); i++) {
      errors += Math.abs(Double.parseDouble(rows.get(i)[0]) - Double.parseDouble(truth.get(i)[4]));
    }
    assertThat(errors / 100).isCloseTo(scores.get("mae").asDouble(), within(1e-3));
    assertThat(ProgramRun.run("evaluate", "" + model, "" + test).out())
        .contains("R2", "predicting the mean");
  }

  @Test
  void largeNumbersKeepTheirDigits() throws IOException {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("x,time\n");
    for (int i = 0; i < 300; i++) {
      double x = random.nextInt(100) / 10.0;
      csv.append(x).append(',').append(1_600_000_000L + Math.round(200 * x)).append('\n');
    }
    train = Files.writeString(folder.resolve("times.csv"), csv);
    test = train;
    JsonNode run = json(trained("--task=regression", "--model=linear"));
    JsonNode scores = json(ProgramRun.run("evaluate", "" + model, "" + test, "--json"));
    assertThat(scores.get("r2").asDouble())
        .isGreaterThan(0.99)
        .isCloseTo(run.get("test_r2").asDouble(), within(1e-9));
    assertThat(scores.get("rmse").asDouble()).isLessThan(60);
    List<String[]> predicted = rows(ProgramRun.run("predict", "" + model, "" + test).out());
    List<String[]> truth = rows(csv.toString());
    double errors = 0;
    for (int i = 1; i < predicted.size(); i++) {
      errors +=
          Math.abs(Double.parseDouble(predicted.get(i)[0]) - Double.parseDouble(truth.get(i)[1]));
    }
    assertThat(errors / 300).isCloseTo(scores.get("mae").asDouble(), within(1e-6));
  }

  @Test
  void scoresAreOfTheLabelsAsTheyAreNotClamped() throws IOException {
    String[] options = {"--label=price", "--drop=kind", "--task=regression"};
    JsonNode run = json(trained(options[0], options[1], options[2], "--bounds=price=990:1010"));
    JsonNode scores = json(ProgramRun.run("evaluate", "" + model, "" + test, "--json"));
    List<String[]> truth = rows(Files.readString(test));
    List<String[]> predicted = rows(ProgramRun.run("predict", "" + model, "" + test).out());
    double errors = 0;
    double squares = 0;
    double sum = 0;
    double residuals = 0;
    for (int i = 1; i < truth.size(); i++) {
      double price = Double.parseDouble(truth.get(i)[4]);
      double error = Double.parseDouble(predicted.get(i)[0]) - price;
      errors += Math.abs(error) / 100;
      residuals += error * error;
      sum += price;
      squares += price * price;
    }
    double r2 = 1 - residuals / (squares - sum * sum / 100);
    assertThat(scores.get("mae").asDouble()).isCloseTo(errors, within(1e-6));
    assertThat(scores.get("r2").asDouble()).isCloseTo(r2, within(1e-6)).isLessThan(0.9);
    assertThat(run.get("test_r2").asDouble()).isCloseTo(r2, within(1e-6));
  }

  @Test
  void theFileSaysHowItWasMade() throws IOException {
    trained("--label=kind", "--drop=price", "--hidden=8", "--activation=tanh");
    try (Safetensors file = Safetensors.open(model)) {
      Map<String, String> notes = file.metadata();
      assertThat(notes)
          .containsKeys("optimizer", "seed", "epochs", "batch", "version", "test_accuracy")
          .containsEntry("task", "classes")
          .containsEntry(
              "architecture",
              "{\"inputs\":6,\"hidden\":[8],\"outputs\":2,\"activation\":\"tanh\"}");
      JsonNode encoding = new ObjectMapper().readTree(notes.get("encoding"));
      assertThat(encoding.at("/columns/1/name").asText()).isEqualTo("color");
      assertThat(encoding.at("/label/classes/0").asText()).isEqualTo("large");
    }
  }

  @Test
  void aPrivateModelStatesWhatItCost() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--optimizer=dpsgd",
            "--model=softmax",
            "--epochs=3",
            "--target-epsilon=3",
            "--out=" + model);
    assertThat(run.code()).as(run.err()).isZero();
    try (Safetensors file = Safetensors.open(model)) {
      Map<String, String> notes = file.metadata();
      assertThat(notes)
          .containsKeys("epsilon", "delta", "accountant", "adjacency", "sampling", "l2_norm_clip")
          .doesNotContainKey("train_loss");
      double noise = Double.parseDouble(notes.get("noise_multiplier"));
      assertThat(notes.get("optimizer")).contains("\"noise_multiplier\":" + noise);
      assertThat(Double.parseDouble(notes.get("epsilon"))).isBetween(2.0, 3.0);
    }
  }

  @Test
  void anOutputThatFailsOrIsAnInputLosesNothing() throws IOException {
    trained("--label=kind", "--drop=price");
    byte[] before = Files.readAllBytes(model);
    for (Path input : List.of(model, test)) {
      ProgramRun run = ProgramRun.run("predict", "" + model, "" + test, "--out=" + input);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--out must be another file than ");
    }
    assertThat(model).hasBinaryContent(before);
    Path kept = Files.writeString(folder.resolve("kept.csv"), "old");
    Path broken = folder.resolve("broken.csv");
    Files.writeString(broken, Files.readString(test) + "x,red,100,large,1000\n");
    ProgramRun run = ProgramRun.run("predict", "" + model, "" + broken, "--out=" + kept);
    assertThat(run.code()).isEqualTo(2);
    assertThat(kept).hasContent("old");
    assertThat(folder.resolve("kept.csv.part")).doesNotExist();
  }

  @Test
  void aResumedRunMustHaveTheSameModel() {
    String checkpoint = "--checkpoint=" + folder.resolve("runs");
    assertThat(train(checkpoint, "--epochs=2").code()).isZero();
    assertThat(train(checkpoint, "--epochs=2", "--resume").code()).isZero();
    for (String[] other :
        List.of(
            new String[] {"--activation=tanh", "activation must be relu, as in the run"},
            new String[] {"--weights=balanced", "weights must be equal, as in the run"})) {
      ProgramRun run = train(checkpoint, "--epochs=2", "--resume", other[0]);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains(other[1]);
    }
  }

  private ProgramRun train(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data=" + train, "--missing=column", "--label=kind"));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  @Test
  void optionsThatWouldDoNothingAreRefused() {
    assertThat(train("--loss=huber").err())
        .contains("--loss must be given with --task regression, but was huber for classes");
    assertThat(
            ProgramRun.run(
                    "train",
                    "--data=" + train,
                    "--missing=mean",
                    "--task=regression",
                    "--weights=balanced")
                .err())
        .contains("--weights must be equal for regression");
    assertThat(
            ProgramRun.run("train", "--optimizer=dpsgd", "--target-epsilon=3", "--patience=2")
                .err())
        .contains("--patience must not be given with --target-epsilon");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    trained("--label=kind", "--drop=price");
    ProgramRun none = ProgramRun.run("predict", "" + folder.resolve("none"), "" + test);
    assertThat(none.code()).isEqualTo(2);
    Path other = folder.resolve("other.safetensors");
    Safetensors.write(other, Tree.of("w", Tensor.of(new float[3])), Map.of());
    ProgramRun run = ProgramRun.run("evaluate", "" + other, "" + test);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("must be a model that \"glissade train --out\" wrote");
    assertThat(ProgramRun.run("predict", "" + model, "" + folder.resolve("none.csv")).code())
        .isEqualTo(2);
  }

  @Test
  void damagedNotesAreRefused() throws IOException {
    trained("--label=kind", "--drop=price");
    Tree params;
    Map<String, String> notes;
    try (Safetensors file = Safetensors.open(model)) {
      params = file.tree();
      notes = new LinkedHashMap<>(file.metadata());
    }
    notes.keySet().removeIf(name -> name.startsWith("glissade."));
    for (String[] change :
        List.of(
            new String[] {"architecture", "{", "is not JSON"},
            new String[] {"architecture", "{\"inputs\":6}", "outputs must be a whole number"},
            new String[] {
              "architecture",
              notes.get("architecture").replace("relu", "swish"),
              "activation must be relu, tanh or sigmoid, but was swish"
            },
            new String[] {
              "architecture",
              notes.get("architecture").replace("64", "32"),
              "must have the tensors of its architecture"
            },
            new String[] {"encoding", "{}", "damaged.safetensors: encoding.source must be a text"},
            new String[] {
              "encoding",
              notes.get("encoding").replaceFirst("\"position\":0", "\"position\":-1"),
              "damaged.safetensors: encoding.columns[0].position must be a whole number"
            },
            new String[] {
              "encoding",
              notes.get("encoding").replace("[\"large\",\"small\"]", "[\"a\",\"b\",\"c\"]"),
              "must have an encoding of 6 inputs and 2 outputs"
            })) {
      Map<String, String> damaged = new LinkedHashMap<>(notes);
      damaged.put(change[0], change[1]);
      Path file = folder.resolve("damaged.safetensors");
      Safetensors.write(file, params, damaged);
      ProgramRun run = ProgramRun.run("predict", "" + file, "" + test);
      assertThat(run.code()).as(Arrays.toString(change)).isEqualTo(2);
      assertThat(run.err()).contains(change[2]);
    }
  }
}
