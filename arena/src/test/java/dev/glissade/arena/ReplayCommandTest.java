package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glissade.DType;
import dev.glissade.arena.replay.CaseFile;
import dev.glissade.arena.replay.Replay;
import dev.glissade.conformance.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayCommandTest {
  private static final Path CASES = Path.of("../conformance/trajectories");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  static List<Path> cases() throws IOException {
    List<Path> first = files().stream().filter(file -> file.getParent().equals(CASES)).toList();
    assertThat(first).hasSizeGreaterThanOrEqualTo(76);
    return first;
  }

  private static List<Path> files() throws IOException {
    return Trajectory.all().stream()
        .map(one -> CASES.resolveSibling(one.name() + ".json"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void caseFollowsTheOriginal(Path file) {
    CaseFile source = CaseFile.read(file);
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
      for (boolean inPlace : new boolean[] {false, true}) {
        requireOriginal(Replay.run(source, dtype, inPlace), dtype + " in place: " + inPlace);
      }
    }
  }

  /** The tests of core and contrib run these in all ways, so here each is replayed in one. */
  static List<Arguments> laterCases() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (Path file : files()) {
      if (!file.getParent().equals(CASES)) {
        cases.add(Arguments.of(file, cases.size() % 2 == 0));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("laterCases")
  void laterCaseFollowsTheOriginal(Path file, boolean inPlace) {
    requireOriginal(Replay.run(CaseFile.read(file), DType.FLOAT64, inPlace), file.toString());
  }

  private static void requireOriginal(Replay replay, String what) {
    assertThat(replay.maxError()).as(what).isNotNull();
    assertThat(replay.passes()).as("%s: %s > %s", what, replay.maxError(), replay.bound()).isTrue();
  }

  /** The numbers of the state that the original documents, at the last step. */
  @ParameterizedTest
  @MethodSource("cases")
  void stateFollowsTheOriginal(Path file) {
    CaseFile source = CaseFile.read(file);
    assertThat(source.expected()).isNotEmpty();
    JsonNode expected = JSON.valueToTree(source.expected().get("state"));
    Map<String, double[]> state = Replay.run(source, DType.FLOAT64, true).state();
    expected
        .properties()
        .forEach(entry -> {
          double[] have = Objects.requireNonNull(state.get(entry.getKey()), entry.getKey());
          List<Double> want = new ArrayList<>();
          if (entry.getValue().isArray()) {
            entry.getValue().forEach(number -> want.add(number.asDouble()));
          } else {
            want.add(entry.getValue().asDouble());
          }
          assertThat(have).as(entry.getKey()).hasSize(want.size());
          for (int i = 0; i < have.length; i++) {
            double size = Math.max(Math.abs(want.get(i)), 1e-3);
            assertThat(have[i]).as(entry.getKey()).isCloseTo(want.get(i), offset(1e-9 * size));
          }
        });
  }

  @Test
  void oneObjectALine() throws IOException {
    ProgramRun replay =
        ProgramRun.run(
            "replay", "--check", "--in-place", "--dtype=float32", sgd() + "", sgd() + "");
    assertThat(replay.code()).as(replay.err()).isZero();
    List<String> lines = replay.out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode result = JSON.readTree(lines.get(0));
    assertThat(result.get("name").asText()).isEqualTo("sgd-base");
    assertThat(result.get("dtype").asText()).isEqualTo("float32");
    assertThat(result.get("params").isArray()).isTrue();
    assertThat(result.get("max_error").isNumber()).isTrue();
  }

  private static Path sgd() {
    return CASES.resolve("sgd-base.json");
  }

  @Test
  void checkNamesWhatExceedsItsBound() throws IOException {
    ObjectNode wrong = (ObjectNode) JSON.readTree(sgd().toFile());
    ((ObjectNode) wrong.at("/optimizer/args")).put("learning_rate", 0.5);
    Path file = folder.resolve("wrong.json");
    JSON.writeValue(file.toFile(), wrong.put("name", "wrong"));
    ProgramRun checked = ProgramRun.run("replay", "--check", file + "", sgd() + "");
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.err()).startsWith("glissade: wrong: max_error ").hasLineCount(2);
    assertThat(checked.err()).endsWith("glissade: 1 of 2 cases pass\n");
    assertThat(checked.out()).hasLineCount(2);
    assertThat(ProgramRun.run("replay", file + "").code()).isZero();
  }

  @Test
  void damagedCasesAreNamedAndTheOthersRun() throws IOException {
    JsonNode good = JSON.readTree(sgd().toFile());
    ObjectNode noParams = good.deepCopy();
    noParams.remove("params");
    ObjectNode otherShape = good.deepCopy();
    ((ObjectNode) otherShape.get("params").iterator().next()).putArray("shape").add(3);
    ObjectNode unknown = good.deepCopy();
    ((ObjectNode) unknown.get("optimizer")).put("name", "sgdd");
    int i = 0;
    for (Object damaged : List.of(noParams, otherShape, unknown, "{\"name\"", "[]", "{}")) {
      Path file = Files.writeString(folder.resolve("bad" + i++ + ".json"), damaged.toString());
      ProgramRun replay = ProgramRun.run("replay", file + "", sgd() + "");
      assertThat(replay.code()).isEqualTo(2);
      assertThat(replay.err()).startsWith("glissade: " + file).hasLineCount(1);
      assertThat(replay.out()).hasLineCount(1).contains("sgd-base");
    }
  }

  @Test
  void folderStandsForItsCases() throws IOException {
    Files.copy(sgd(), folder.resolve("b.json"));
    Files.copy(sgd(), folder.resolve("a.json"));
    ObjectNode unknown = (ObjectNode) JSON.readTree(sgd().toFile());
    ((ObjectNode) unknown.get("optimizer")).put("name", "nothing_like_it");
    JSON.writeValue(folder.resolve("c.json").toFile(), unknown);
    Files.writeString(folder.resolve("readme.txt"), "no case");
    ProgramRun replay = ProgramRun.run("replay", "--check", folder + "");
    assertThat(replay.code()).isEqualTo(2);
    assertThat(replay.out()).hasLineCount(2);
    assertThat(replay.err())
        .isEqualToIgnoringNewLines(
            ("glissade: %s: the optimizer or schedule must be in the catalog, but was"
                    + " \"nothing_like_it\"glissade: 2 of 3 cases pass")
                .formatted(folder.resolve("c.json")));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(ProgramRun.run("replay", empty + "").err())
        .isEqualToIgnoringNewLines("glissade: " + empty + " must have .json files, but had none");
  }

  @Test
  void problemGivesGradientsAndValues() throws IOException {
    Path quadratic =
        CASES.resolveSibling("optax").resolve("trajectories").resolve("lbfgs-quadratic.json");
    ObjectNode source = (ObjectNode) JSON.readTree(quadratic.toFile());
    ((ObjectNode) source.get("optimizer")).put("name", "sgd");
    ((ObjectNode) source.get("optimizer")).putObject("args").put("learning_rate", 0.01);
    JsonNode losses = source.get("expected").get("losses");
    source.remove("expected");
    Path file = folder.resolve("problem.json");
    JSON.writeValue(file.toFile(), source);
    ProgramRun replay = ProgramRun.run("replay", file + "", "--in-place");
    assertThat(replay.code()).as(replay.err()).isZero();
    JsonNode result = JSON.readTree(replay.out());
    assertThat(result.get("losses")).hasSize(losses.size());
    assertThat(result.get("losses").get(0).asDouble())
        .isCloseTo(losses.get(0).asDouble(), offset(1e-9 * losses.get(0).asDouble()));
    assertThat(result.get("losses").get(5).asDouble())
        .isLessThan(result.get("losses").get(4).asDouble());
  }

  @Test
  void lineSearchIsNotCheckedInFloat32() throws IOException {
    JsonNode source =
        JSON.readTree(
            CASES.resolveSibling("optax/trajectories/sgd-backtracking-quartic.json").toFile());
    ((ObjectNode) source.get("optimizer")).put("name", "sgd");
    ((ObjectNode) source.get("optimizer")).putObject("args").put("learning_rate", 0.01);
    Path file = folder.resolve("search.json");
    JSON.writeValue(file.toFile(), source);
    ProgramRun replay = ProgramRun.run("replay", "--check", "--dtype=float32", file + "");
    assertThat(replay.code()).as(replay.err()).isZero();
    assertThat(replay.err()).contains("not checked, since line searches are judged in float64");
    assertThat(ProgramRun.run("replay", "--check", file + "").code()).isEqualTo(1);
  }

  @Test
  void damagedProblemsAreNamed() throws IOException {
    JsonNode good =
        JSON.readTree(CASES.resolveSibling("optax/trajectories/sophia-quartic.json").toFile());
    for (String field : List.of("problem", "steps", "problem/args/weights")) {
      ObjectNode damaged = good.deepCopy();
      int slash = field.lastIndexOf('/');
      ObjectNode parent = (ObjectNode) damaged.at(slash < 0 ? "" : "/" + field.substring(0, slash));
      parent.put(field.substring(slash + 1), 0.5);
      Path file = folder.resolve("damaged.json");
      JSON.writeValue(file.toFile(), damaged);
      ProgramRun replay = ProgramRun.run("replay", file + "");
      assertThat(replay.code()).isEqualTo(2);
      assertThat(replay.err()).startsWith("glissade: " + file).hasLineCount(1);
      assertThat(replay.err()).contains(field.substring(slash + 1)).contains(" must be ");
    }
  }

  @Test
  void missingCase() {
    ProgramRun replay = ProgramRun.run("replay", "missing.json");
    assertThat(replay.code()).isEqualTo(2);
    assertThat(replay.err())
        .isEqualToIgnoringNewLines("glissade: missing.json: there is no such file");
  }
}
