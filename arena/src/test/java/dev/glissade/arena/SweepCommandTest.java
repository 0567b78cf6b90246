package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static ProgramRun sweep(String... more) {
    List<String> arguments = new ArrayList<>(List.of("sweep", "--epochs=1", "--model=softmax"));
    arguments.addAll(List.of(more));
    return ProgramRun.run(arguments.toArray(String[]::new));
  }

  @Test
  void learningRates() throws IOException {
    Path picture = folder.resolve("picture.svg");
    ProgramRun sweep =
        sweep(
            "--seeds=2",
            "--optimizers=sgd,cocob",
            "--over=learning_rate=0.0001..10",
            "--points=3",
            "--out=" + picture,
            "--report=" + folder);
    assertThat(sweep.code()).as(sweep.err()).isZero();
    assertThat(sweep.out())
        .contains("test accuracy  at learning rate  near the best at  runs  time of all")
        .containsPattern("sgd +\\d\\d\\.\\d\\d ± \\d+\\.\\d\\d % +\\S+ .* 6 +\\d+\\.\\d\\d s")
        .containsPattern("cocob +\\d\\d\\.\\d\\d ± \\d+\\.\\d\\d % +no learning rate .* 2 ");
    assertThat(sweep.err()).contains("[8/8]", "sgd, learning_rate 0.0316, seed 1: test accuracy");
    assertThat(picture).content().startsWith("<svg").contains("no learning rate", "cocob");
    JsonNode results = JSON.readTree(folder.resolve("results.json").toFile());
    assertThat(results.at("/lines/0/points").size()).isEqualTo(3);
    assertThat(results.at("/lines/0/best_value").asDouble()).isGreaterThan(0.01);
    assertThat(results.at("/lines/0/command").asText())
        .isEqualTo(
            "./glissade sweep --optimizers sgd --epochs 1 --model softmax --seeds 2 --over"
                + " learning_rate=0.0001..10 --points 3");
    assertThat(results.at("/lines/1/flat").asBoolean()).isTrue();
    assertThat(Files.readAllLines(folder.resolve("results.csv"))).hasSize(9);
    assertThat(Files.readString(folder.resolve("index.html"))).contains("sweep of learning rate");
  }

  @Test
  void epsilonsAndLabelNoise() throws IOException {
    ProgramRun epsilon =
        sweep(
            "--seeds=2",
            "--optimizers=dpsgd,sgd",
            "--over=target_epsilon=1..8",
            "--points=2",
            "--json");
    assertThat(epsilon.code()).as(epsilon.err()).isZero();
    JsonNode points = JSON.readTree(epsilon.out()).at("/lines/0/points");
    assertThat(points.at("/0/epsilon").asDouble()).isBetween(0.9, 1.0);
    assertThat(points.at("/1/epsilon").asDouble()).isBetween(7.5, 8.0);
    assertThat(points.at("/0/train_loss").isNull()).isTrue();
    ProgramRun noise =
        sweep("--seeds=2", "--optimizers=sgd", "--over=label_noise=0..0.9", "--points=2");
    assertThat(noise.code()).as(noise.err()).isZero();
    assertThat(noise.out())
        .contains("test accuracy at each share of wrong train labels")
        .containsPattern("optimizer +at 0 +at 0.9 +runs")
        .containsPattern("sgd +\\d\\d\\.\\d\\d ± \\S+ % +\\S+ ± \\S+ % +4 ");
  }

  @Test
  void allDiverged() {
    ProgramRun sweep =
        sweep("--optimizers=sgd", "--over=learning_rate=1e30..1e31", "--points=2", "--seeds=1");
    assertThat(sweep.code()).isEqualTo(3);
    assertThat(sweep.out()).containsPattern("sgd +diverged +- +none");
    assertThat(sweep.err()).contains("all runs diverged: try a range of smaller values");
  }

  @Test
  void refusals() {
    for (String[] wrong :
        new String[][] {
          {"--over=lr=1..2", "did you mean learning_rate?"},
          {"--points=1", "--points must be at least 2, but was 1"},
          {"--label-noise=2", "--label-noise must be from 0 to 1, but was 2.0"},
          {"--out=" + folder, " must be a file, but was a folder"},
          {"--metric=speed", "--metric must be score or loss, but was \"speed\""},
        }) {
      ProgramRun sweep = sweep(wrong[0]);
      assertThat(sweep.code()).as(sweep.err()).isEqualTo(2);
      assertThat(sweep.err()).startsWith("glissade: ").hasLineCount(1).contains(wrong[1]);
    }
    assertThat(sweep("--over=label_noise=0..1", "--label-noise=.1").err())
        .contains("--label-noise must not be given with --over label_noise, but was 0.1");
  }
}
