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
        csv("a,b,c\n1,x,0\n2,3,1\n", "line 2, column 2 (\"b\") must be a number, but was \"x\""),
        csv("1,2,0\n3,x,1\n", "line 2, column 2 must be a number, but was \"x\""),
        csv(
            "1,2,0\n3,,1\n",
            "line 2, column 2 must be a number, but the value is missing: \"\"" + FILL),
        csv(
            "1,2,0\n3,NA,1\n",
            "line 2, column 2 must be a number, but the value is missing: \"NA\"" + FILL),
        csv(
            "?,2,0\n3,4,1\n",
            "line 1, column 1 must be a number, but the value is missing: \"?\"" + FILL),
        csv("1,2,0\nNaN,4,1\n", "line 2, column 1 must be finite, but was \"NaN\"" + FILL),
        csv("1,2,0\n-inf,4,1\n", "line 2, column 1 must be finite, but was \"-inf\""),
        csv(
            "1,2,0\n1e999,4,1\n",
            "line 2, column 1 must be within the range of float32, but was \"1e999\""),
        csv(
            "1,2,0\n-4e38,4,1\n",
            "line 2, column 1 must be within the range of float32, but was \"-4e38\""),
        csv("1,2,0\n0x1p3,4,1\n", "line 2, column 1 must be a number, but was \"0x1p3\""),
        csv("1,2,0\n1d,4,1\n", "line 2, column 1 must be a number, but was \"1d\""),
        csv("1;2;0\n1,5;4;1\n", "line 2, column 1 must be a number, but was \"1,5\"" + COMMA),
        csv(
            "a;b;c\n1,5;-2,5e3;x\n",
            "line 2, column 1 (\"a\") must be a number, but was \"1,5\"" + COMMA),
        csv(
            "1,5;2,5;3,5\n4,5;2,5;0\n",
            "line 1, column 1 must be a number, but was \"1,5\"" + COMMA),
        csv(
            "1,2,0\n\"1,234.5\",4,1\n",
            "line 2, column 1 must be a number, but was \"1,234.5\"" + COMMA),
        other("\u22121.5", "U+2212 (minus sign)"),
        other("\u20131", "U+2013 (en dash)"),
        other("\u0661\u0662", "U+0661 (arabic-indic digit one)"),
        other("\uff11", "U+FF11 (fullwidth digit one)"),
        other("1\uff0e5", "U+FF0E (fullwidth full stop)"),
        other("1\u041e", "U+041E (cyrillic capital letter o)"),
        csv("1,2,0\n1 2,4,1\n", "line 2, column 1 must be a number, but was \"1 2\""),
        csv(
            "1,2,0\n3,4,\n",
            "line 2, column 3 must be a label, but the value is missing: \"\": leave out rows without a"
                + " label"),
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
            "line 1, column 3 must be a label, but the value is missing: \"?\": leave out rows"
                + " without a label, or rename the class"),
        csv(
            "a,b,c\n1,2,0\n\"7\n8\",\"x\",1\n",
            "line 3, column 1 (\"a\") must be a number, but was \"7\\u000a8\""),
        csv(
            "t,b,c\n1,2,0\n3,\"\n\n4\",no\n5,\"x\ty\",1\n",
            "line 6, column 2 (\"b\") must be a number, but was \"x\\u0009y\""),
        csv("1,2,0\r\n\r\n\r\n3,x,1\r\n", "line 4, column 2 must be a number, but was \"x\""),
        csv("1,2,0\n3,x,1", "line 2, column 2 must be a number, but was \"x\""),
        csv(
            "1,2,0\n3," + "y".repeat(1000) + ",1\n",
            "line 2, column 2 must be a number, but was \"" + "y".repeat(40) + "...\""));
  }

  private static final String FILL =
      "; to fill in missing values, pass --missing mean or --missing column";

  private static final String REGRESSION =
      ": pass --task regression to predict a number, or --task classes to make each number a class;"
          + " if another column is the label, pass --label COLUMN";

  private static final String COMMA =
      ", which has a comma: write numbers with a decimal point and without commas";

  private static Arguments other(String field, String character) {
    return csv(
        "1,2,0\n3," + field + ",1\n",
        "line 2, column 2 must be a number, but was \"%s\", which holds %s"
            .formatted(field, character));
  }

  private static Arguments missing(String word) {
    return csv(
        "1,2,0\n3," + word + ",1\n",
        "line 2, column 2 must be a number, but the value is missing: \"" + word + "\"" + FILL);
  }

  static Stream<Arguments> labelColumns() {
    return Stream.of(
        csv(
            "label,x,y,z\ncat,1,2,3\ndog,1,2,4\n",
            "column 1 (\"label\") seems to be the label column: pass --label label, or --label -1 for"
                + " the last column"),
        csv(
            "x,Class,y,z\n1,3,2,3\n1,dog,2,4\n",
            "column 2 (\"Class\") seems to be the label column: pass --label Class, or --label -1 for"
                + " the last column"),
        csv(
            "label,x\n" + rows(40, i -> i + ".5"),
            "column 1 (\"label\") seems to be the label column: pass --label label, or --label -1 for"
                + " the last column"),
        csv(
            "label,x,y\ncat,1,2\ndog,1,2\n",
            "y",
            "column 3 (\"y\") must have at least 2 different values, but every row has \"2\""),
        csv(
            "animal,x,y,z\n3,1,2,3\n7,1,2,4\n4,1,2,3\ncat,1,2,3\n",
            "line 5, column 1 (\"animal\") must be a number, but was \"cat\""));
  }

  private static Arguments missingLabel(String word) {
    return csv(
        "1,2,0\n3,4," + word + "\n",
        "line 2, column 3 must be a label, but the value is missing: \""
            + word
            + "\": leave out rows without a label, or rename the class");
  }

  static Stream<Arguments> invisible() {
    return Stream.of(
        csv(
            "\ufeff1,2,0\n\ufeff3,4,1\n",
            "line 2, column 1 must be a number, but was \"\\ufeff3\", which holds the invisible"
                + " character U+FEFF (byte order mark)"),
        csv(
            "1,2,0\n3,4\u200b,1\n",
            "line 2, column 2 must be a number, but was \"4\\u200b\", which holds the invisible"
                + " character U+200B (zero width space)"),
        csv(
            "1,2,0\n3,\u00a04,1\n",
            "line 2, column 2 must be a number, but was \"\\u00a04\", which holds the invisible"
                + " character U+00A0 (no-break space)"),
        csv(
            "1,2,0\n3,4\u00ad5,1\n",
            "line 2, column 2 must be a number, but was \"4\\u00ad5\", which holds the invisible"
                + " character U+00AD (soft hyphen)"),
        csv(
            "1,2,0\n3,4\u0000,1\n",
            "line 2, column 2 must be a number, but was \"4\\u0000\", which holds the invisible"
                + " character U+0000 (null)"),
        csv(
            "1,2,0\n3,4\ud83d\ude00\udb40\udc41,1\n",
            "line 2, column 2 must be a number, but was \"4\ud83d\ude00\\u{e0041}\", which holds the"
                + " invisible character U+E0041 (tag latin capital letter a)"),
        csv(
            "\ufeff0,1,2\n\ufeff1,3,4\n",
            "0",
            "line 2, column 1 must have no hidden characters, but was \"\\ufeff1\", which holds the invisible character U+FEFF (byte order"
                + " mark)"),
        csv(
            "1,2,yes\n3,4,yes\u00a0\n",
            "line 2, column 3 must have no hidden characters, but was \"yes\\u00a0\", which holds the invisible character U+00A0 (no-break"
                + " space)"),
        csv(
            "1,2,yes\n3,4,y\u200bes\n",
            "line 2, column 3 must have no hidden characters, but was \"y\\u200bes\", which holds the invisible character U+200B (zero"
                + " width space)"));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        csv("", "must have at least 2 rows, but is empty"),
        csv("\n\n \n".strip(), "must have at least 2 rows, but is empty"),
        csv("\ufeff", "must have at least 2 rows, but is empty"),
        csv("\u001a", "must have at least 2 rows, but is empty"),
        csv("a,b,c\n", "must have at least 2 rows under its header, but had 0"),
        csv("1,2,0\n", "must have at least 2 rows, but had 1"),
        csv(
            "1\n2\n",
            "line 1 must have at least 2 columns with a comma, semicolon or tab between, but was"
                + " \"1\""),
        csv("1,2,0\n3,1\n", "line 2 must have 3 columns as line 1 has, but had 2"),
        csv("\n1,2,0\n3,4,5,1\n", "line 3 must have 3 columns as line 2 has, but had 4"),
        csv("1,2,0\n3,4,1\n5\n", "line 3 must have 3 columns as line 1 has, but had 1"),
        csv(" \n,,\n,\n", "must have at least 2 rows, but is empty"),
        csv("1,2,0\n3,4,1,,\n3,4,1,,5\n", "line 3 must have 3 columns as line 1 has, but had 5"),
        csv(
            "a,b,c,\n1,2,0,\n3,4,1,5\n",
            "line 3, column 4 must be empty as in line 1, but was \"5\""),
        csv(
            "1,2,0\n3,4,0\n",
            "column 3 must have at least 2 different values, but every row has \"0\""),
        csv(
            "x,y,kind\n1,2,red\n3,4,red\n",
            "column 3 (\"kind\") must have at least 2 different values, but every row has"
                + " \"red\""),
        csv(
            rows(40, i -> i + ".5"),
            "column 2 must be a column of classes, but has numbers with fractions" + REGRESSION),
        csv(
            rows(40, i -> "k" + i),
            "column 2 must repeat its values to be a column of classes, but had 40 different values in"
                + " 40 rows; if another column is the label, pass --label COLUMN"),
        csv(
            rows(3000, i -> "" + i),
            "column 2 must be a column of classes, but has more than 100 different numbers"
                + REGRESSION),
        csv(
            rows(3000, i -> "k" + i),
            "column 2 must have at most 1000 different values to be a column of classes, but had"
                + " more; if another column is the label, pass --label COLUMN"),
        csv(
            "1,2,0\n\"3\"x,4,1\n",
            "line 2: quotes must enclose a whole field and be doubled inside it (RFC 4180)"),
        csv("1,2,0\n\n\"3\n,4,1\n", ": a quote that opens after line 1 is never closed"));
  }

  static Stream<Arguments> labels() {
    String header = "width,height,class\n1,2,a\n3,4,b\n";
    String bare = "1,2,0\n3,4,1\n";
    String range = "an index from 0 to 2, or from the end down to -3";
    return Stream.of(
        arguments(header, "clas", " has no column \"clas\"; the nearest is \"class\""),
        arguments(
            header,
            "depth",
            " has no column \"depth\"; the columns are \"width\", \"height\", \"class\""),
        arguments(header, "HEIGHT", " has no column \"HEIGHT\"; the nearest is \"height\""),
        arguments(header, "3", ": the label column must be " + range + ", but was \"3\""),
        arguments(header, "-4", ": the label column must be " + range + ", but was \"-4\""),
        arguments(
            header,
            "99999999999",
            ": the label column must be " + range + ", but was \"99999999999\""),
        arguments(
            bare,
            "class",
            " has no header row: the label column must be " + range + ", but was \"class\""),
        arguments(
            "x,class,class\n1,a,b\n2,c,d\n",
            "class",
            ": the label column \"class\" must be named once, but columns 2 and 3 have this name: pass"
                + " its index"));
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
    assertThatThrownBy(() -> Datasets.read(file, DataRequest.defaults().label(label)))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  @Test
  void missingFile() {
    Path none = folder.resolve("none.csv");
    refused(none, null, "--data must be a file or folder, but nothing exists at " + none);
  }

  @Test
  void notUtf8() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "1,2,caf\u00e9\n3,4,b\n".getBytes(StandardCharsets.ISO_8859_1));
    refused(file, null, "latin.csv must be text in UTF-8 to be a CSV table, but has other bytes");
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
    refused(file, null, "bad.gz is damaged: can't decompress its gzip data: Corrupt GZIP trailer");
  }

  @Test
  void quoteNeverClosedInEndlessText() throws IOException {
    Path file = folder.resolve("endless.csv");
    Files.writeString(file, "1,2,0\n\"" + "3,4,1\n".repeat(3_000_000));
    refused(
        file,
        null,
        "endless.csv: a row must have at most 16777216 characters, but had more: is a quote never closed?");
  }

  @Test
  void tooBigForTheMemory() {
    assertThatThrownBy(() -> Inputs.checkMemory("big.csv", 1L << 40, 8))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "big.csv must have at most \\d+ numbers to fit into memory, but had 1099511627776: raise"
                + " java -Xmx");
  }
}
