package dev.glissade.arena.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvRefusalsTest {
  @TempDir Path folder;

  static Stream<Arguments> values() {
    return Stream.of(
        csv("a,b,c\n1,x,0\n2,3,1\n", "line 2, column 2 (\"b\"): a number is needed: \"x\""),
        csv("1,2,0\n3,x,1\n", "line 2, column 2: a number is needed: \"x\""),
        csv("1,2,0\n3,,1\n", "line 2, column 2: a number is needed, the value is missing: \"\""),
        csv(
            "1,2,0\n3,NA,1\n",
            "line 2, column 2: a number is needed, the value is missing: \"NA\""),
        csv("?,2,0\n3,4,1\n", "line 1, column 1: a number is needed, the value is missing: \"?\""),
        csv("1,2,0\nNaN,4,1\n", "line 2, column 1: a finite number is needed: \"NaN\""),
        csv("1,2,0\n-inf,4,1\n", "line 2, column 1: a finite number is needed: \"-inf\""),
        csv(
            "1,2,0\n1e999,4,1\n",
            "line 2, column 1: a number within the range of float32 is needed: \"1e999\""),
        csv(
            "1,2,0\n-4e38,4,1\n",
            "line 2, column 1: a number within the range of float32 is needed: \"-4e38\""),
        csv("1,2,0\n0x1p3,4,1\n", "line 2, column 1: a number is needed: \"0x1p3\""),
        csv("1,2,0\n1d,4,1\n", "line 2, column 1: a number is needed: \"1d\""),
        csv("1;2;0\n1,5;4;1\n", "line 2, column 1: a number is needed: \"1,5\"" + COMMA),
        csv(
            "a;b;c\n1,5;-2,5e3;x\n",
            "line 2, column 1 (\"a\"): a number is needed: \"1,5\"" + COMMA),
        csv(
            "1,5;2,5;3,5\n4,5;2,5;0\n",
            "line 2, column 1 (\"1,5\"): a number is needed: \"4,5\"" + COMMA),
        csv(
            "1,2,0\n\"1,234.5\",4,1\n",
            "line 2, column 1: a number is needed: \"1,234.5\"" + COMMA),
        other("\u22121.5", "U+2212 (minus sign)"),
        other("\u20131", "U+2013 (en dash)"),
        other("\u0661\u0662", "U+0661 (arabic-indic digit one)"),
        other("\uff11", "U+FF11 (fullwidth digit one)"),
        other("1\uff0e5", "U+FF0E (fullwidth full stop)"),
        other("1\u041e", "U+041E (cyrillic capital letter o)"),
        csv("1,2,0\n1 2,4,1\n", "line 2, column 1: a number is needed: \"1 2\""),
        csv(
            "1,2,0\n3,4,\n",
            "line 2, column 3: a label is needed, the value is missing: \"\" (leave out rows without"
                + " one)"),
        missingLabel("nan"),
        missingLabel("NaN"),
        missingLabel("?"),
        missingLabel("NA"),
        missingLabel("N/A"),
        missingLabel("null"),
        missingLabel("NULL"),
        missingLabel("#N/A"),
        missingLabel("<NA>"),
        missingLabel("-"),
        missingLabel("#NULL!"),
        missingLabel("#DIV/0!"),
        missing("#NULL!"),
        missing("#REF!"),
        missing("#DIV/0!"),
        missing("#VALUE!"),
        missing("#NAME?"),
        missing("#NUM!"),
        csv(
            "1,2,?\n3,4,0\n5,6,1\n5,6,1\n",
            "line 1, column 3: a label is needed, the value is missing: \"?\" (leave out rows"
                + " without one, or if it is a class, give it another name)"),
        csv(
            "a,b,c\n1,2,0\n\"7\n8\",\"x\",1\n",
            "line 3, column 1 (\"a\"): a number is needed: \"7\\u000a8\""),
        csv(
            "t,b,c\n1,2,0\n3,\"\n\n4\",no\n5,\"x\ty\",1\n",
            "line 6, column 2 (\"b\"): a number is needed: \"x\\u0009y\""),
        csv("1,2,0\r\n\r\n\r\n3,x,1\r\n", "line 4, column 2: a number is needed: \"x\""),
        csv("1,2,0\n3,x,1", "line 2, column 2: a number is needed: \"x\""),
        csv(
            "1,2,0\n3," + "y".repeat(1000) + ",1\n",
            "line 2, column 2: a number is needed: \"" + "y".repeat(40) + "...\""));
  }

  private static final String COMMA =
      ", which has a comma (write numbers with a decimal point and without commas)";

  private static Arguments other(String field, String character) {
    return csv(
        "1,2,0\n3," + field + ",1\n",
        "line 2, column 2: a number is needed: \"%s\", which holds %s".formatted(field, character));
  }

  private static Arguments missing(String word) {
    return csv(
        "1,2,0\n3," + word + ",1\n",
        "line 2, column 2: a number is needed, the value is missing: \"" + word + "\"");
  }

  static Stream<Arguments> labelColumns() {
    String remedy = "; if this is the label column, give --label ";
    return Stream.of(
        csv(
            "label,x,y,z\ncat,1,2,3\ndog,1,2,4\n",
            "line 2, column 1 (\"label\"): a number is needed: \"cat\"" + remedy + "label"),
        csv(
            "x,Class,y,z\n1,3,2,3\n1,dog,2,4\n",
            "line 3, column 2 (\"Class\"): a number is needed: \"dog\"" + remedy + "Class"),
        csv(
            "an animal,x,y,z\ncat,1,2,3\ndog,1,2,4\n",
            "line 2, column 1 (\"an animal\"): a number is needed: \"cat\""
                + remedy
                + "\"an animal\""),
        csv(
            "cat,1,2,3\ndog,1,2,4\n",
            "line 2, column 1: a number is needed: \"dog\"" + remedy + "0"),
        csv(
            "label,x\n" + rows(40, i -> i + ".5"),
            "column 2 (\"x\") has 40 different values in 40 rows; that is not a column of classes;"
                + " if column 1 (\"label\") is the label column, give --label label"),
        csv(
            "animal,x,y,z\ncat,1,2,3\n7,1,2,4\n",
            "line 2, column 1 (\"animal\"): a number is needed: \"cat\""),
        csv(
            "animal,x,kind\ncat,1,a\ndog,1,b\n",
            "line 2, column 1 (\"animal\"): a number is needed: \"cat\""),
        csv(
            "label,x,y\ncat,1,2\ndog,1,2\n",
            "y",
            "line 2, column 1 (\"label\"): a number is needed: \"cat\""));
  }

  private static Arguments missingLabel(String word) {
    return csv(
        "1,2,0\n3,4," + word + "\n",
        "line 2, column 3: a label is needed, the value is missing: \""
            + word
            + "\" (leave out rows without one, or if it is a class, give it another name)");
  }

  static Stream<Arguments> invisible() {
    return Stream.of(
        csv(
            "\ufeff1,2,0\n\ufeff3,4,1\n",
            "line 2, column 1: a number is needed: \"\\ufeff3\", which holds the invisible"
                + " character U+FEFF (byte order mark)"),
        csv(
            "1,2,0\n3,4\u200b,1\n",
            "line 2, column 2: a number is needed: \"4\\u200b\", which holds the invisible"
                + " character U+200B (zero width space)"),
        csv(
            "1,2,0\n3,\u00a04,1\n",
            "line 2, column 2: a number is needed: \"\\u00a04\", which holds the invisible"
                + " character U+00A0 (no-break space)"),
        csv(
            "1,2,0\n3,4\u00ad5,1\n",
            "line 2, column 2: a number is needed: \"4\\u00ad5\", which holds the invisible"
                + " character U+00AD (soft hyphen)"),
        csv(
            "1,2,0\n3,4\u0000,1\n",
            "line 2, column 2: a number is needed: \"4\\u0000\", which holds the invisible"
                + " character U+0000 (null)"),
        csv(
            "1,2,0\n3,4\ud83d\ude00\udb40\udc41,1\n",
            "line 2, column 2: a number is needed: \"4\ud83d\ude00\\u{e0041}\", which holds the"
                + " invisible character U+E0041 (tag latin capital letter a)"),
        csv(
            "\ufeff0,1,2\n\ufeff1,3,4\n",
            "0",
            "line 2, column 1: \"\\ufeff1\", which holds the invisible character U+FEFF (byte order"
                + " mark)"),
        csv(
            "1,2,yes\n3,4,yes\u00a0\n",
            "line 2, column 3: \"yes\\u00a0\", which holds the invisible character U+00A0 (no-break"
                + " space)"),
        csv(
            "1,2,yes\n3,4,y\u200bes\n",
            "line 2, column 3: \"y\\u200bes\", which holds the invisible character U+200B (zero"
                + " width space)"));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        csv("", "is empty: a table needs at least 2 rows"),
        csv("\n\n \n".strip(), "is empty: a table needs at least 2 rows"),
        csv("\ufeff", "is empty: a table needs at least 2 rows"),
        csv("\u001a", "is empty: a table needs at least 2 rows"),
        csv("a,b,c\n", ": a table needs at least 2 rows under its header: 0"),
        csv("1,2,0\n", ": a table needs at least 2 rows: 1"),
        csv(
            "1\n2\n",
            "line 1: a table needs at least 2 columns with a comma, semicolon or tab between:"
                + " \"1\""),
        csv("1,2,0\n3,1\n", "line 2: 3 columns are needed, as in line 1: 2"),
        csv("\n1,2,0\n3,4,5,1\n", "line 3: 3 columns are needed, as in line 2: 4"),
        csv("1,2,0\n3,4,1\n5\n", "line 3: 3 columns are needed, as in line 1: 1"),
        csv(" \n,,\n,\n", "is empty: a table needs at least 2 rows"),
        csv("1,2,0\n3,4,1,,\n3,4,1,,5\n", "line 3: 3 columns are needed, as in line 1: 5"),
        csv(
            "a,b,c,\n1,2,0,\n3,4,1,5\n",
            "line 3, column 4: line 1 is empty there, a name or a value is missing in it: \"5\""),
        csv(
            "1,2,0\n3,4,0\n",
            "column 3 needs at least 2 different values, but every row has the same: \"0\""),
        csv(
            "x,y,kind\n1,2,red\n3,4,red\n",
            "column 3 (\"kind\") needs at least 2 different values, but every row has the same:"
                + " \"red\""),
        csv(
            rows(40, i -> i + ".5"),
            "column 2 has 40 different values in 40 rows; that is not a column of classes"),
        csv(
            rows(3000, i -> "" + i),
            "column 2 has more than 1000 different values; that is not a column of classes"),
        csv(
            "1,2,0\n\"3\"x,4,1\n",
            "line 2: quotes go around a whole field and are doubled inside it (RFC 4180)"),
        csv("1,2,0\n\n\"3\n,4,1\n", ": a quote that opens after line 1 is never closed"));
  }

  static Stream<Arguments> labels() {
    String header = "width,height,class\n1,2,a\n3,4,b\n";
    String bare = "1,2,0\n3,4,1\n";
    String range = "an index from 0 to 2, or from the end down to -3";
    return Stream.of(
        arguments(header, "clas", " has no column \"clas\"; the nearest is \"class\""),
        arguments(
            header, "depth", " has no column \"depth\", only \"width\", \"height\", \"class\""),
        arguments(header, "HEIGHT", " has no column \"HEIGHT\"; the nearest is \"height\""),
        arguments(header, "3", ": the label column needs " + range + ": \"3\""),
        arguments(header, "-4", ": the label column needs " + range + ": \"-4\""),
        arguments(header, "99999999999", ": the label column needs " + range + ": \"99999999999\""),
        arguments(
            bare, "class", " has no header row: the label column needs " + range + ": \"class\""),
        arguments(
            "x,class,class\n1,a,b\n2,c,d\n",
            "class",
            ": the label column \"class\" is named twice, in columns 2 and 3: give its index"),
        arguments(header, "0", " line 2, column 3 (\"class\"): a number is needed: \"a\""));
  }

  private static Arguments csv(String content, String message) {
    return arguments(content, null, (message.startsWith(":") ? "" : " ") + message);
  }

  private static Arguments csv(String content, String label, String message) {
    return arguments(content, label, " " + message);
  }

  private static String rows(int n, java.util.function.IntFunction<String> label) {
    return IntStream.range(0, n)
        .mapToObj(i -> i + "," + label.apply(i))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @MethodSource({"values", "labelColumns", "invisible", "shapes", "labels"})
  void refused(String content, @Nullable String label, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.csv"), content);
    refused(file, label, "bad.csv" + message);
  }

  private static void refused(Path file, @Nullable String label, String message) {
    assertThatThrownBy(() -> Datasets.read(file, label))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  @Test
  void missingFile() {
    Path none = folder.resolve("none.csv");
    refused(none, null, "there is no data file or folder at this path: " + none);
  }

  @Test
  void notUtf8() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "1,2,caf\u00e9\n3,4,b\n".getBytes(StandardCharsets.ISO_8859_1));
    refused(file, null, "latin.csv is not a CSV table: text in UTF-8 is needed");
  }

  @Test
  void gzipCutOff() throws IOException {
    byte[] zipped = Gzip.of("1,2,0\n3,4,1\n".repeat(100).getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("cut.csv.gz");
    Files.write(file, Arrays.copyOf(zipped, zipped.length - 9));
    refused(file, null, "cut.csv.gz is cut off: its gzip data ends too early");
  }

  @Test
  void gzipDamaged() throws IOException {
    byte[] zipped = Gzip.of("1,2,0\n3,4,1\n".repeat(100).getBytes(StandardCharsets.UTF_8));
    zipped[zipped.length - 6] ^= 1;
    Path file = Files.write(folder.resolve("bad.gz"), zipped);
    refused(file, null, "bad.gz is damaged: its gzip data is refused: Corrupt GZIP trailer");
  }

  @Test
  void quoteNeverClosedInEndlessText() throws IOException {
    Path file = folder.resolve("endless.csv");
    Files.writeString(file, "1,2,0\n\"" + "3,4,1\n".repeat(3_000_000));
    refused(
        file,
        null,
        "endless.csv: a row may have at most 16777216 characters; is a quote never closed?");
  }

  @Test
  void tooBigForTheMemory() {
    assertThatThrownBy(() -> Inputs.checkMemory("big.csv", 1L << 40, 8))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "big.csv: at most \\d+ numbers fit into the memory of this program \\(java -Xmx\\):"
                + " 1099511627776");
  }
}
