package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.testing.ProcessorTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvTest {
  @TempDir Path folder;

  private Table read(String content, @Nullable String label) throws IOException {
    Path file = Files.writeString(folder.resolve("some.csv"), content);
    return (Table) Datasets.read(file, DataRequest.defaults().label(label));
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        arguments("plain", "1,2,a\n3,4,b\n", null, List.of()),
        arguments("no line end", "1,2,a\n3,4,b", null, List.of()),
        arguments("CRLF", "1,2,a\r\n3,4,b\r\n", null, List.of()),
        arguments("empty lines", "\n1,2,a\n\n3,4,b\n\n", null, List.of()),
        arguments("blanks at the end", "1,2,a\n3,4,b\n   \n", null, List.of()),
        arguments("commas at the end", "1,2,a\n3,4,b\n,,\n", null, List.of()),
        arguments("commas before and between", ",,\n1,2,a\n , ,\n3,4,b\n,\n", null, List.of()),
        arguments("tabs at the end", "1\t2\ta\n3\t4\tb\n\t\t\n", null, List.of()),
        arguments("an empty column", "1,2,a,\n3,4,b,\n", null, List.of()),
        arguments("empty columns", "x,y,k,,\n1,2,a,,\n3,4,b,,\n", null, List.of("x", "y")),
        arguments("an empty column below", "x,y,k\n1,2,a,\n3,4,b,\n", null, List.of("x", "y")),
        arguments("an empty name at the end", "x,y,k,\n1,2,a\n3,4,b\n", null, List.of("x", "y")),
        arguments("a label without a name", "x,y,\n1,2,a\n3,4,b\n", null, List.of("x", "y")),
        arguments("spaces", " 1 , 2,a \n3,4, b\n", null, List.of()),
        arguments("semicolon", "1;2;a\n3;4;b\n", null, List.of()),
        arguments("semicolon below blanks", "  \n1;2;a\n3;4;b\n", null, List.of()),
        arguments("tab", "1\t2\ta\n3\t4\tb\n", null, List.of()),
        arguments("byte order mark", "\ufeff1,2,a\n3,4,b\n", null, List.of()),
        arguments("quotes", "\"1\",\"2\",a\n3,4,\"b\"\n", null, List.of()),
        arguments("header", "x,y,class\n1,2,a\n3,4,b\n", null, List.of("x", "y")),
        arguments(
            "delimiters and quotes in the header",
            "\"x;;;\",\"the \"\"y\"\"\",class\n1,2,a\n3,4,b\n",
            "class",
            List.of("x;;;", "the \"y\"")),
        arguments(
            "line break in the header", "\"x\ny\",z,c\n1,2,a\n3,4,b\n", null, List.of("x\ny", "z")),
        arguments("label by name", "k,x,y\na,1,2\nb,3,4\n", "k", List.of("x", "y")),
        arguments("label by index", "x,k,y\n1,a,2\n3,b,4\n", "1", List.of("x", "y")),
        arguments("label from the end", "1,a,2\n3,b,4\n", "-2", List.of()),
        arguments("a number as a name", "2,x,y\na,1,2\nb,3,4\n", "2", List.of("x", "y")),
        arguments("numbers in the header", "0,1,k\n1,2,a\n3,4,b\n", "k", List.of("0", "1")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void sameTable(String name, String content, @Nullable String label, List<String> names)
      throws IOException {
    Table table = read(content, label);
    assertThat(table.name()).isEqualTo("some.csv");
    assertThat(Tables.values(table)).containsExactly(1, 2, 3, 4);
    assertThat(table.encoding().classNames()).containsExactly("a", "b");
    assertThat(Tables.labels(table)).containsExactly(0, 1);
    assertThat(table.encoding().featureNames()).isEqualTo(names);
  }

  @Test
  void numericLabelsAreOrderedAsNumbers() throws IOException {
    Table table = read("1,10\n2,9\n3,9.0\n4,-1\n", null);
    assertThat(table.encoding().classNames()).containsExactly("-1", "9", "10");
    assertThat(Tables.labels(table)).containsExactly(2, 1, 1, 0);
    Table text = read("1,10\n2,9\n3,x\n", null);
    assertThat(text.encoding().classNames()).containsExactly("10", "9", "x");
  }

  @Test
  void numericLabelsAreToldApartExactly() throws IOException {
    String[] different = {
      "-1e400",
      "-9007199254740993",
      "-9007199254740992",
      "-5e-400",
      "0",
      "1e-400",
      "1.0000000000000001",
      "9007199254740992",
      "9007199254740993",
      "9007199254740993.5",
      "1e400",
      "1e500",
      "1e999999999"
    };
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < 3 * different.length; i++) {
      csv.append(i % 7).append(',').append(different[i % different.length]).append('\n');
    }
    Path file = Files.writeString(folder.resolve("exact.csv"), csv);
    Table table = (Table) Datasets.read(file, DataRequest.defaults().task(Task.CLASSES));
    assertThat(table.encoding().classNames()).containsExactly(different);
    assertThat(
            Tables.labels(
                read("1,0\n2,-0\n3,+0.0\n4,0e99\n5,1\n6,+1\n7,1e0\n8,10e-1\n9,.1E+1\n", null)))
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 1);
  }

  /** Digits and exponents without end are compared in one walk. */
  @Test
  void hugeLabelsTakeNoTime() throws Exception {
    String digits = "9".repeat(2_000_000);
    String content = "1,%s1\n2,%s2\n3,1e-%s\n4,%s1\n".formatted(digits, digits, digits, digits);
    ProcessorTime.requireAtMost(
        10,
        "reading huge labels",
        () -> assertThat(Tables.labels(read(content, null))).containsExactly(1, 2, 0, 1));
    assertThat(Tables.labels(read("1,1e999999999\n2,1e-999999999\n3,2\n", null)))
        .containsExactly(2, 0, 1);
  }

  @Test
  void headerOverNumbersIsSeenByItsLabel() throws IOException {
    Table table = read("2020,2021,class\n1,2,0\n3,4,1\n", null);
    assertThat(table.encoding().featureNames()).containsExactly("2020", "2021");
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void columnsAreStandardizedByTheTrainPart() throws IOException {
    StringBuilder csv = new StringBuilder("x,far,constant,big,class\n");
    for (int i = 0; i < 101; i++) {
      csv.append(i + 7).append(',').append(1e9 + i % 7).append(",0.1,").append(i * 3e35);
      csv.append(',').append(i % 2).append('\n');
    }
    Split split = read(csv.toString(), null).split(3);
    assertThat(split.train().size()).isEqualTo(61);
    assertThat(split.validation().size()).isEqualTo(20);
    assertThat(split.test().size()).isEqualTo(20);
    for (int column : new int[] {0, 1, 3}) {
      double[] values = column(split.train(), column);
      double mean = Arrays.stream(values).average().orElseThrow();
      double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
      assertThat(mean).isCloseTo(0, within(1e-6));
      assertThat(square).isCloseTo(1, within(1e-6));
    }
    assertThat(column(split.train(), 2)).containsOnly(0);
    assertThat(column(split.test(), 2)).containsOnly(0);
    assertThat(Arrays.stream(column(split.test(), 1))).allMatch(v -> Math.abs(v) < 3);
  }

  private static double[] column(Dataset data, int column) {
    double[] values = new double[data.size()];
    float[] inputs = data.inputs();
    Arrays.setAll(values, i -> inputs[i * data.features() + column]);
    return values;
  }

  @Test
  void digitsComeWithTheProgram() {
    Split split = Datasets.digits().split(0);
    assertThat(split.train().size()).isEqualTo(1078);
    assertThat(split.validation().size()).isEqualTo(359);
    assertThat(split.test().size()).isEqualTo(360);
    assertThat(split.train().features()).isEqualTo(64);
    assertThat(split.train().classNames())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(split.train().inputs()).doesNotContain(Float.NaN);
  }

  @Test
  void splitsFollowTheSeed() {
    Examples digits = Datasets.digits();
    assertThat(digits.split(1).test().labels()).isEqualTo(digits.split(1).test().labels());
    assertThat(digits.split(1).test().labels()).isNotEqualTo(digits.split(2).test().labels());
    assertThat(RandomOrder.of(8, 42)).containsExactly(1, 0, 4, 7, 2, 3, 5, 6);
  }

  @Test
  void gzipIsSeenByItsBytes() throws IOException {
    byte[] csv = "1,2,a\n3,4,b\n".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("zipped.csv"), Gzip.of(csv));
    assertThat(Datasets.read(file).size()).isEqualTo(2);
    Path plain = Files.write(folder.resolve("plain.csv.gz"), csv);
    assertThat(Datasets.read(plain).size()).isEqualTo(2);
  }
}
