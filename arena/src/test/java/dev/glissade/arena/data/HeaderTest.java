package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A first row of numbers is told from the others, and what was read is said. */
class HeaderTest {
  @TempDir Path folder;

  private Table read(String content, @Nullable String label, Header header) throws IOException {
    Path file = Files.writeString(folder.resolve("some.csv"), content);
    return (Table) Datasets.read(file, DataRequest.defaults().label(label).header(header));
  }

  /** Rows of numbers with fractions, and a label each. */
  private static String fractions(int rows, int columns, IntFunction<String> label) {
    SplittableRandom random = new SplittableRandom(7);
    return IntStream.range(0, rows)
        .mapToObj(i ->
            IntStream.range(0, columns)
                    .mapToObj(k -> String.format(Locale.ROOT, "%.3f", random.nextDouble(-3, 4)))
                    .collect(Collectors.joining(","))
                + ","
                + label.apply(i))
        .collect(Collectors.joining("\n"));
  }

  /** Rows of whole numbers, with none that counts. */
  private static String counts(int rows, int columns, IntFunction<String> label) {
    SplittableRandom random = new SplittableRandom(3);
    return IntStream.range(0, rows)
        .mapToObj(i ->
            IntStream.range(0, columns)
                    .mapToObj(k -> String.valueOf(random.nextInt(17)))
                    .collect(Collectors.joining(","))
                + ","
                + label.apply(i))
        .collect(Collectors.joining("\n"));
  }

  private static String two(int i) {
    return String.valueOf(i % 2);
  }

  private static String animal(int i) {
    return i % 3 == 0 ? "cat" : "dog";
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        arguments("0,1,label\n" + fractions(40, 2, HeaderTest::animal)),
        arguments("0,1,label\n" + fractions(6, 2, HeaderTest::animal)),
        arguments("0,1,label\n" + counts(40, 2, HeaderTest::animal)),
        arguments("0,1,label\n" + fractions(40, 2, i -> i == 7 ? "mouse" : animal(i))),
        arguments("0,1,animal\n" + fractions(12, 2, HeaderTest::animal)),
        arguments("5,7,animal\n" + fractions(12, 2, HeaderTest::animal)),
        arguments("0,1,label\n" + fractions(40, 2, HeaderTest::two)),
        arguments("0,1,2\n" + fractions(40, 2, HeaderTest::animal)),
        arguments("1,2,3\n" + fractions(40, 2, HeaderTest::two)),
        arguments("0,1,2,3\n" + fractions(40, 3, i -> String.valueOf(i % 10))),
        arguments("0,1,2,3\n" + counts(60, 3, i -> String.valueOf(i % 10))),
        arguments("0,1,2,3,4\n" + counts(60, 4, HeaderTest::two)),
        arguments("1,2,3,4\n" + fractions(8, 3, HeaderTest::two)),
        arguments("0.0,1.0,2.0,3.0\n" + fractions(40, 3, HeaderTest::two)),
        arguments("1999,2000,2001,label\n" + counts(40, 3, HeaderTest::animal)),
        arguments("1999,2000,2001,2002\n" + counts(40, 3, HeaderTest::two)),
        arguments("2001,2000,1999,9\n" + fractions(40, 3, HeaderTest::two)),
        arguments("1990,1995,2000,2005\n" + counts(40, 3, HeaderTest::two)),
        arguments("id,1999,2000,2001,label\n" + counts(40, 4, HeaderTest::animal)),
        arguments("id,1999,2000,2001,2002\n" + counts(40, 4, HeaderTest::two)),
        arguments(",0,1,2,3\n" + fractions(40, 4, HeaderTest::two)),
        arguments(",0,1,label\n" + fractions(40, 3, HeaderTest::animal)),
        arguments("\"0\";\"1\";\"k\"\n" + fractions(40, 2, HeaderTest::animal).replace(',', ';')),
        arguments("400,402,404,406,408,label\n" + fractions(40, 5, HeaderTest::animal)));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void numbersAreNames(String content) throws IOException {
    Table table = read(content, null, Header.AUTO);
    assertThat(table.size()).isEqualTo(content.lines().count() - 1);
    assertThat(table.reading().lines().get(0)).endsWith("header: yes");
    String first = content.lines().findFirst().orElseThrow().replace("\"", "");
    assertThat(table.encoding().featureNames())
        .isEqualTo(
            Stream.of(first.split("[,;]", -1))
                .limit(table.encoding().featureNames().size())
                .toList());
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        arguments(fractions(40, 2, HeaderTest::animal)),
        arguments(fractions(40, 2, HeaderTest::two)),
        arguments(fractions(5, 2, i -> "a" + i)),
        arguments(counts(40, 3, HeaderTest::two)),
        arguments("0,1,cat\n" + fractions(40, 2, HeaderTest::animal)),
        arguments("0,0,0,1\n" + fractions(40, 3, HeaderTest::two)),
        arguments("1,2,3,0\n" + counts(40, 3, HeaderTest::two)),
        arguments("0,1\n" + fractions(40, 1, HeaderTest::two)),
        arguments("1,2,3,4\n" + "1,2,3,4\n2,3,4,5\n".repeat(20)),
        arguments("0,1,2\n" + counts(400, 2, i -> String.valueOf(i % 3))),
        arguments("1999,3,0\n" + "2000,4,1\n2001,5,0\n".repeat(20)),
        arguments("1.5,2.5,5\n" + fractions(40, 2, HeaderTest::two)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void numbersAreARow(String content) throws IOException {
    Table table = read(content, null, Header.AUTO);
    assertThat(table.size()).isEqualTo(content.lines().count());
    assertThat(table.reading().lines().get(0)).endsWith("header: no");
    assertThat(table.encoding().featureNames()).isEmpty();
    String first = content.lines().findFirst().orElseThrow();
    assertThat((float) Tables.values(table)[0]).isEqualTo(Float.parseFloat(first.split(",")[0]));
    assertThat(table.encoding().classNames().get(Tables.labels(table)[0]))
        .isEqualTo(first.replaceAll(".*,", ""));
  }

  @Test
  void theUserHasTheSay() throws IOException {
    String header = "1,2,3,4\n" + fractions(40, 3, HeaderTest::two);
    assertThat(read(header, null, Header.NO).size()).isEqualTo(41);
    assertThat(read(header, null, Header.NO).encoding().classNames())
        .containsExactly("0", "1", "4");
    String rows = fractions(40, 3, HeaderTest::two);
    Table table = read(rows, null, Header.YES);
    assertThat(table.size()).isEqualTo(39);
    assertThat(table.encoding().featureNames()).hasSize(3);
    assertThat(table.reading().doubts()).isEmpty();
    assertThatThrownBy(() -> read("a,b,c\n1,2,x\n3,4,y\n", null, Header.NO))
        .hasMessage("some.csv line 1, column 1 must be a number, but was \"a\"");
    assertThatThrownBy(() -> read("a,b,c\n1,2,x\n3,4,y\n", "c", Header.NO))
        .hasMessageContaining("has no header row");
  }

  @Test
  void namesOfNumbersGoBeforeIndicesUnderAHeader() throws IOException {
    String content = "1,2,3,4\n" + "0,1.5,2.5,3.5\n1,4.5,5.5,6.5\n".repeat(20);
    Table byName = read(content, "1", Header.YES);
    assertThat(byName.reading().lines().get(2)).contains("label: column 1 (\"1\")");
    assertThat(read(content, "1", Header.AUTO))
        .usingRecursiveComparison()
        .ignoringFields("request")
        .isEqualTo(byName);
    assertThat(read("0,1,2\n" + fractions(40, 2, HeaderTest::two), "2", Header.AUTO).size())
        .isEqualTo(40);
    assertThatThrownBy(
            () -> read("0,1,label\n" + fractions(9, 2, HeaderTest::two), "lable", Header.AUTO))
        .hasMessage("some.csv has no column \"lable\"; the nearest is \"label\"");
  }

  @Test
  void whatIsDoubtfulIsSaidWithTheRemedy() throws IOException {
    assertThat(
            read("5,7,animal\n" + counts(12, 2, HeaderTest::animal), null, Header.AUTO)
                .reading()
                .doubts())
        .containsExactly(
            "line 1 was read as a header (\"5\", \"7\", \"animal\"): pass --header no if it is a row");
    assertThat(
            read("1.5,2.5,5\n" + fractions(40, 2, HeaderTest::two), null, Header.AUTO)
                .reading()
                .doubts())
        .containsExactly(
            "line 1 was read as a row, though it differs from the others (\"1.5\", \"2.5\", \"5\"):"
                + " pass --header yes if it is a header",
            "classes with a single row: \"5\"");
    assertThat(
            read("1,2,3,4\n" + fractions(40, 3, HeaderTest::two), null, Header.AUTO)
                .reading()
                .doubts())
        .isEmpty();
  }

  static Stream<Arguments> doubts() {
    return Stream.of(
        arguments(
            "a,b,c\n1,2,x\n3,2,y\n5,2,x\n6,2,y\n",
            "constant columns, which teach nothing: 1, such as column 2 (\"b\")"),
        arguments("a,b,c\n1,2,x\n3,4,y\n5,1,x\n", "classes with a single row: \"y\""),
        arguments("a,c\n1,Yes\n2,yes\n3,Yes\n4,yes\n", "classes that look alike: \"Yes\", \"yes\""),
        arguments(
            "a,c\n1,a b\n2,a\u00a0b\n3,a b\n4,a\u00a0b\n",
            "classes that look alike: \"a b\", \"a\\u00a0b\""),
        arguments(
            "a,c\n"
                + IntStream.range(0, 50)
                    .mapToObj(i -> i % 9 + "," + i % 25)
                    .collect(Collectors.joining("\n")),
            "each of 25 numbers is a class of its own: pass --task regression to predict a number"),
        arguments(
            "a,c\n"
                + IntStream.range(0, 50)
                    .mapToObj(i -> i % 9 + ",k" + i % 25)
                    .collect(Collectors.joining("\n")),
            "the label column has many classes: 25"),
        arguments(
            "a,b,c\n1,2,x\n3,4,y\n5,1,x\n,,\n4,4,y\n \n", "skipped rows without any value: 2"),
        arguments("a,b,c\n1,2,x\n3,4,y\n5,1,x\n4,4,y\n\u001a", "skipped rows without any value: 1"),
        arguments(
            "a,b,c\n1,2,x\n3,4,y\n5,1,x\n4,4,y\n\u0000\n\u00a0",
            "skipped rows without any value: 2"),
        arguments(
            "1,2,3,c\n4,9,1,a\n7,7,2,b\n3,4,4,a\n4,5,9,b\n9,1,1,b\n8,8,3,a\n",
            "line 1 was read as a header (\"1\", \"2\", \"3\", \"c\"): pass --header no if it is a"
                + " row"),
        arguments(
            "a,b,c,\n1,2,x,\n3,4,y,\n5,1,x,\n4,4,y,\n",
            "ignored empty columns at the end of rows: 4 rows"));
  }

  @ParameterizedTest
  @MethodSource("doubts")
  void doubtsAreSaid(String content, String doubt) throws IOException {
    assertThat(read(content, null, Header.AUTO).reading().doubts()).containsExactly(doubt);
  }

  @Test
  void whatWasReadIsSaid() throws IOException {
    assertThat(read("a,k,b\n1,x,2\n3,\"a\nb\",4\n", "k", Header.AUTO).reading().lines())
        .containsExactly(
            "some.csv: 2 rows: 1 train, 0 validation, 1 test; header: yes",
            "features: 2 columns of numbers (\"a\", \"b\"); 2 inputs",
            "label: column 2 (\"k\"), 2 classes: \"a\\u000ab\" 50.0 %, \"x\" 50.0 %");
    assertThat(
            read(counts(44, 2, i -> String.valueOf(i % 11)), null, Header.AUTO).reading().lines())
        .containsExactly(
            "some.csv: 44 rows: 26 train, 9 validation, 9 test; header: no",
            "features: 2 columns of numbers (column 1, column 2); 2 inputs",
            "label: column 3, 11 classes, \"0\" to \"10\"");
  }
}
