package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of words, dates, missing values and identifiers. */
class ColumnsTest {
  private static final DataRequest PLAIN = DataRequest.defaults();

  @TempDir Path folder;

  private Examples read(String content, DataRequest request) throws IOException {
    return Datasets.read(Files.writeString(folder.resolve("some.csv"), content), request);
  }

  private static String rows(int n, IntFunction<String> row) {
    return IntStream.range(0, n).mapToObj(row).collect(Collectors.joining("\n"));
  }

  /** The inputs of the rows in the order of a column that counts them, with its scaling undone. */
  private static float[][] inputs(Split split) {
    List<Dataset> parts = List.of(split.train(), split.validation(), split.test());
    int size = parts.stream().mapToInt(Dataset::size).sum();
    float[][] rows = new float[size][];
    ColumnEncoding.Numbers counter =
        (ColumnEncoding.Numbers)
            ((Encoding.Columns) split.train().encoding().inputs()).columns().get(0).encoding();
    for (Dataset part : parts) {
      for (int i = 0; i < part.size(); i++) {
        float[] row = new float[part.features()];
        part.inputs(new int[] {i}, 0, 1, row);
        rows[(int) Math.round(counter.scaling().undo(row[0]))] = row;
      }
    }
    return rows;
  }

  private static DataRequest features(String... names) {
    return PLAIN.features(List.of(names));
  }

  @Test
  void wordsBecomeAnInputEach() throws IOException {
    String csv =
        "i,color,y\n" + rows(30, i -> i + "," + "red,blue,4".split(",")[i % 3] + "," + i % 2);
    Split split = read(csv, features("i", "color")).split(1);
    assertThat(split.train().featureNames())
        .containsExactly("i", "color=4", "color=blue", "color=red");
    float[][] inputs = inputs(split);
    for (int i = 0; i < 30; i++) {
      assertThat(inputs[i][1]).isEqualTo(i % 3 == 2 ? 1 : 0);
      assertThat(inputs[i][2]).isEqualTo(i % 3 == 1 ? 1 : 0);
      assertThat(inputs[i][3]).isEqualTo(i % 3 == 0 ? 1 : 0);
    }
  }

  @Test
  void missingValuesBecomeTheMeanOrAColumn() throws IOException {
    String csv =
        "i,age,kind,y\n"
            + rows(
                40,
                i ->
                    i
                        + ","
                        + (i % 4 == 0 ? "NA" : i % 5 + 1)
                        + ","
                        + (i % 8 == 0 ? "" : "ab".charAt(i % 2))
                        + ","
                        + i % 2);
    float[][] mean = inputs(read(csv, features("i", "age", "kind").missing(Missing.MEAN)).split(1));
    Split split = read(csv, features("i", "age", "kind").missing(Missing.COLUMN)).split(1);
    assertThat(split.train().featureNames())
        .containsExactly("i", "age", "age missing", "kind=a", "kind=b", "kind missing");
    float[][] column = inputs(split);
    for (int i = 0; i < 40; i++) {
      if (i % 4 == 0) {
        assertThat(mean[i][1]).isZero();
      }
      assertThat(column[i][1]).isEqualTo(mean[i][1]);
      assertThat(column[i][2]).isEqualTo(i % 4 == 0 ? 1 : 0);
      assertThat(column[i][3] + column[i][4] + column[i][5]).isEqualTo(1);
      assertThat(column[i][5]).isEqualTo(i % 8 == 0 ? 1 : 0);
    }
    assertThatThrownBy(() -> read(csv, features("i", "kind")))
        .hasMessage(
            "some.csv line 2, column 3 (\"kind\") must be a word, but the value is missing: \"\";"
                + " to fill in missing values, pass --missing mean or --missing column");
  }

  /** Only the values that are there count for the mean. */
  @Test
  void meansLeaveMissingValuesOut() throws IOException {
    String csv = "i,x,y\n" + rows(50, i -> i + "," + (i % 2 == 0 ? "" : i % 4 + 9) + "," + i % 2);
    Split split = read(csv, features("i", "x").missing(Missing.MEAN)).split(3);
    ColumnEncoding.Numbers x =
        (ColumnEncoding.Numbers)
            ((Encoding.Columns) split.train().encoding().inputs()).columns().get(1).encoding();
    assertThat(x.scaling().mean()).isBetween(10.5, 11.5);
    assertThat(x.scaling().deviation()).isCloseTo(1, within(0.1));
  }

  static Stream<Arguments> dates() {
    return Stream.of(
        arguments("iso", (IntFunction<String>) i -> "2024-02-%02d".formatted(i + 1)),
        arguments(
            "with times",
            (IntFunction<String>) i -> "2024-02-%02dT06:00:00+06:00".formatted(i + 1)),
        arguments("dotted", (IntFunction<String>) i -> "%d.2.2024".formatted(i + 1)),
        arguments("month first", (IntFunction<String>) i -> "2/%d/2024".formatted(i + 1)),
        arguments("day first", (IntFunction<String>) i -> "%d/02/2024".formatted(i + 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dates")
  void datesAreDays(String name, IntFunction<String> date) throws IOException {
    String csv = "day,y\n" + rows(29, i -> date.apply(i) + "," + i % 2);
    Split split = read(csv, PLAIN).split(1);
    Encoding.Columns table = (Encoding.Columns) split.train().encoding().inputs();
    LinearScale scaling = ((ColumnEncoding.Numbers) table.columns().get(0).encoding()).scaling();
    // 2024-02-01 is day 19754.
    assertThat(scaling.mean()).isBetween(19754.0 + 10, 19754.0 + 18);
    assertThat(read(csv, PLAIN).reading().lines().get(1))
        .isEqualTo("features: 1 column of dates (\"day\"); 1 input");
  }

  @Test
  void datesThatMayBeReadTwoWaysAreRefused() {
    String csv =
        "day,y\n" + rows(30, i -> "%d/%d/2024,%d".formatted(i % 12 + 1, i % 11 + 1, i % 2));
    assertThatThrownBy(() -> read(csv, PLAIN))
        .hasMessage(
            "some.csv column 1 (\"day\") must have dates whose day and month can be told apart, but"
                + " had only such as \"1/1/2024\": write them as yyyy-MM-dd, or pass --drop day");
  }

  @Test
  void aTimestampKeepsItsSeconds() throws IOException {
    String csv =
        "t,x,y\n"
            + rows(100, i -> (1_700_000_000L + 37L * (i * 7 % 100)) + "," + i % 3 + "," + i % 2);
    Table table = (Table) read(csv, PLAIN);
    for (int i = 0; i < 100; i++) {
      assertThat(table.rows().cells().get(i, 0)).isEqualTo(1_700_000_000L + 37L * (i * 7 % 100));
    }
  }

  static Stream<Arguments> identifiers() {
    return Stream.of(
        arguments((IntFunction<String>) i -> "" + i, "counts the rows"),
        arguments((IntFunction<String>) i -> "" + (i + 1), "counts the rows"),
        arguments(
            (IntFunction<String>) i -> "" + (1234567890123456L + i * i),
            "whole numbers of more than 15 digits"),
        arguments((IntFunction<String>) i -> "name " + i, "differs in most rows"),
        arguments(
            (IntFunction<String>) i -> i % 5 < 3 ? "" + (7000 + i * i) : "A/5 " + i,
            "differs in most rows"),
        arguments((IntFunction<String>) i -> i % 3 == 0 ? "no" : "id" + i, "differs in most rows"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("identifiers")
  void identifiersAreDroppedUnlessTheyAreAskedFor(IntFunction<String> id, String reason)
      throws IOException {
    String csv = "x,id,y\n" + rows(60, i -> i * i % 7 + "," + id.apply(i) + "," + i % 2);
    assertThat(read(csv, PLAIN).reading().lines().get(1))
        .isEqualTo(
            "features: 1 column of numbers (\"x\"); 1 input; dropped: \"id\" (" + reason + ")");
    Dataset forced = read(csv, features("x", "id")).split(1).train();
    assertThat(forced.features()).isGreaterThan(1);
    assertThatThrownBy(() -> read(csv, PLAIN.drop(List.of("x"))))
        .hasMessageContaining("must have a column to learn from, but none is left");
  }

  /** Few different words among numbers stand for something that the user must decide. */
  @Test
  void aFewWordsAmongNumbersAreRefused() {
    String csv =
        "x,age,y\n" + rows(90, i -> i % 7 + "," + (i % 3 == 1 ? "unknown" : i % 50) + "," + i % 2);
    assertThatThrownBy(() -> read(csv, PLAIN))
        .hasMessage("some.csv line 3, column 2 (\"age\") must be a number, but was \"unknown\"");
  }

  @Test
  void numbersAmongWordsAreWords() throws IOException {
    String csv =
        "x,w,y\n"
            + rows(
                90, i -> i % 7 + "," + (i % 3 == 1 ? "4" : i % 2 == 0 ? "b" : "c") + "," + i % 2);
    assertThat(read(csv, PLAIN).split(1).train().featureNames())
        .containsExactly("x", "w=4", "w=b", "w=c");
  }

  @Test
  void manyWordsThatRepeatAreRefused() {
    String csv = "x,w,y\n" + rows(6000, i -> i % 7 + ",w" + i % 2000 + "," + i % 2);
    assertThatThrownBy(() -> read(csv, PLAIN))
        .hasMessage(
            "some.csv column 2 (\"w\") must have at most 1000 different words, but had more: pass"
                + " --drop w");
  }

  @Test
  void columnsAreChosenByNameOrIndex() throws IOException {
    String csv = "age,b,c,y\n" + rows(20, i -> i % 3 + "," + i % 4 + "," + i % 5 + "," + i % 2);
    assertThat(read(csv, PLAIN.drop(List.of("b"))).split(1).train().featureNames())
        .containsExactly("age", "c");
    assertThat(read(csv, PLAIN.drop(List.of("0", "-2"))).split(1).train().featureNames())
        .containsExactly("b");
    assertThat(read(csv, features("c", "age")).split(1).train().featureNames())
        .containsExactly("age", "c");
    assertThatThrownBy(() -> read(csv, PLAIN.drop(List.of("aeg"))))
        .hasMessage(
            "some.csv: --drop must name a column or its index from 0 to 3, but was \"aeg\"; the nearest"
                + " is \"age\"");
    assertThatThrownBy(() -> read(csv, features("age", "y")))
        .hasMessage("some.csv: --features must not name the label column, but named \"y\"");
    assertThatThrownBy(() -> features("age").drop(List.of("b")))
        .hasMessage(
            "--drop must not be given with --features, which names all columns to use, but was b");
  }

  @Test
  void whatWasUnderstoodIsSaidInThreeLines() throws IOException {
    String csv =
        "id,when,sex,age,survived\n"
            + rows(
                50,
                i ->
                    String.format(
                        Locale.ROOT,
                        "%d,2020-01-%02d,%s,%s,%s",
                        i,
                        i % 28 + 1,
                        i % 2 == 0 ? "male" : "female",
                        i % 10 == 0 ? "?" : "" + i % 40,
                        i % 5 == 0 ? "yes" : "no"));
    Reading reading = read(csv, PLAIN.missing(Missing.COLUMN)).reading();
    assertThat(reading.lines())
        .containsExactly(
            "some.csv: 50 rows: 30 train, 10 validation, 10 test; header: yes",
            "features: 1 column of numbers (\"age\"); 1 column of dates (\"when\"); 1 column of words"
                + " (\"sex\"); 5 inputs; dropped: \"id\" (counts the rows)",
            "label: column 5 (\"survived\"), 2 classes: \"no\" 80.0 %, \"yes\" 20.0 %");
    assertThat(reading.doubts()).isEmpty();
  }
}
