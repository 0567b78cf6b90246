package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.checkpoint.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingTest {
  private static final Encoding TABLE =
      new Encoding(
          new Encoding.Columns(
              true,
              6,
              List.of(
                  new Encoding.Column(
                      "age",
                      0,
                      new ColumnEncoding.Numbers(
                          new LinearScale(30.1, 12.3, false), Missing.COLUMN, true, null)),
                  new Encoding.Column(
                      "when",
                      1,
                      new ColumnEncoding.Numbers(
                          new LinearScale(19754, 100, true), Missing.REFUSE, false, "yyyy-MM-dd")),
                  new Encoding.Column(
                      "sex",
                      4,
                      new ColumnEncoding.Words(List.of("female", "male"), Missing.MEAN, false)))),
          new LabelEncoding.ClassLabel("survived", 5, List.of("no", "yes")));

  private static final Encoding IMAGES =
      new Encoding(
          new Encoding.Pixels(28, 20, new LinearScale(0.1, 0.3, false)),
          new LabelEncoding.ClassLabel("", -1, List.of("0", "1", "2")));

  private static final Encoding NUMBER =
      new Encoding(
          TABLE.inputs(), new LabelEncoding.NumberLabel("y", 5, new LinearScale(1e9, 0.5, false)));

  static Stream<Encoding> encodings() {
    return Stream.of(TABLE, IMAGES, NUMBER);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void jsonKeepsAll(Encoding encoding) {
    String json = Json.STRICT.write(encoding.plain());
    assertThat(Encoding.of(Json.STRICT.read("it", json))).isEqualTo(encoding);
  }

  @Test
  void inputsHaveNames() {
    assertThat(TABLE.features()).isEqualTo(5);
    assertThat(TABLE.featureNames())
        .containsExactly("age", "age missing", "when", "sex=female", "sex=male");
    assertThat(IMAGES.features()).isEqualTo(560);
    assertThat(NUMBER.outputs()).isEqualTo(1);
    assertThat(IMAGES.outputs()).isEqualTo(3);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> part(Map<String, Object> plain, String path) {
    Map<String, Object> part = plain;
    for (String name : path.split("/")) {
      part =
          name.matches("\\d+")
              ? ((List<Map<String, Object>>) part.get("columns")).get(Integer.parseInt(name))
              : name.isEmpty() ? part : (Map<String, Object>) part.get(name);
    }
    return part;
  }

  private static Arguments damage(String path, String key, Object value, String message) {
    Consumer<Map<String, Object>> change = plain -> part(plain, path).put(key, value);
    return arguments(path + "/" + key, change, message);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "", "source", "tables", "encoding.source must be table or images, but was \"tables\""),
        damage(
            "",
            "width",
            -3,
            "encoding.width must be a whole number from 2 to 2147483647, but was \"-3\""),
        damage("", "columns", 7, "encoding.columns must be a list, but was \"7\""),
        damage("", "header", "yes", "encoding.header must be true or false, but was \"yes\""),
        damage("", "label", null, "encoding.label must be an object, but was missing"),
        damage("label", "task", "sorting", "encoding.label.task must be classes or regression"),
        damage(
            "label", "position", 6, "encoding.label.position must be a whole number from 0 to 5"),
        damage(
            "label", "position", 4, "encoding.columns[2].position must be another than those of"),
        damage("label", "classes", List.of("a"), "encoding.label.classes must be at least 2 texts"),
        damage(
            "label",
            "classes",
            List.of("a", "a"),
            "encoding.label.classes must be a list of different texts"),
        damage(
            "label",
            "classes",
            List.of("a", 2),
            "encoding.label.classes[1] must be a text, but was"),
        damage("0", "mean", "x", "encoding.columns[0].mean must be a finite number, but was \"x\""),
        damage(
            "0",
            "deviation",
            -1,
            "encoding.columns[0].deviation must be at least 0, but was \"-1\""),
        damage(
            "0", "missing", "keep", "encoding.columns[0].missing must be mean, refuse or column"),
        damage("0", "kind", "numbers", "encoding.columns[0].kind must be number, date or words"),
        damage("1", "format", "yy", "encoding.columns[1].format must be a known format of dates"),
        damage("1", "position", 1.5, "encoding.columns[1].position must be a whole number"),
        damage(
            "2", "words", List.of(1), "encoding.columns[2].words[0] must be a text, but was \"1\""),
        damage(
            "2",
            "indicator",
            null,
            "encoding.columns[2].indicator must be true or false, but was" + " missing"),
        damage(
            "", "columns", new ArrayList<>(), "encoding.columns must be a list with at least one"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  @SuppressWarnings("unchecked")
  void damageIsNamed(String name, Consumer<Map<String, Object>> change, String message) {
    Map<String, Object> plain =
        (Map<String, Object>) Json.STRICT.read("it", Json.STRICT.write(TABLE.plain()));
    change.accept(plain);
    assertThatThrownBy(() -> Encoding.of(plain))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void otherValuesAreRefused() {
    assertThatThrownBy(() -> Encoding.of(List.of()))
        .hasMessage("encoding must be an object, but was \"[]\"");
  }
}
