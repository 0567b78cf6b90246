package dev.glissade.arena.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other files that are called .csv are named for what they are. */
class FileKindTest {
  private static final String TABLE = "1,2,a\n3,4,b\n";

  @TempDir Path folder;

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(TABLE.getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static Stream<Arguments> others() throws IOException {
    return Stream.of(
        arguments(zip("table.csv"), "a ZIP archive: unpack it"),
        arguments(zip("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "Excel's .xlsx"),
        arguments(bytes("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1"), "an older Excel (.xls)"),
        arguments(Gzip.of(Gzip.of(TABLE.getBytes(UTF_8))), "compressed with gzip more than once"),
        arguments(Gzip.of(zip("table.csv")), "a ZIP archive"),
        arguments(bytes("%PDF-1.7\n%"), "a PDF document"),
        arguments(bytes("\u0089PNG\r\n\u001a\n"), "a PNG image"),
        arguments(bytes("PAR1\u0015\u0004\u0015"), "a Parquet file: export it as CSV"),
        arguments(bytes("BZh91AY&SY\u0098\u0001"), "compressed with bzip2"),
        arguments(new byte[] {0, 0, 8, 3, 0, 0, 0, 1}, "an IDX file: pass the folder"),
        arguments(("\ufeff" + TABLE).getBytes(Charset.forName("UTF-16LE")), "text in UTF-16"),
        arguments(("\ufeff" + TABLE).getBytes(Charset.forName("UTF-16BE")), "text in UTF-16"),
        arguments(TABLE.getBytes(Charset.forName("UTF-16LE")), "text in UTF-16: save it in UTF-8"),
        arguments(("\ufeff" + TABLE).getBytes(Charset.forName("UTF-32LE")), "text in UTF-32"),
        arguments(bytes("<!DOCTYPE html>\n<html><body>"), "HTML or XML"),
        arguments(
            bytes("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n"),
            "a Git LFS pointer: run \"git lfs pull\" to get the file itself"),
        arguments(bytes("\n<?xml version=\"1.0\"?>"), "HTML or XML"),
        arguments(bytes("[{\"a\": 1, \"b\": 2}]"), "JSON: export it as CSV"),
        arguments(bytes("{\"a\": 1}\n{\"a\": 2}\n"), "JSON: export it as CSV"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void refused(byte[] content, String kind) throws IOException {
    Path file = Files.write(folder.resolve("some.csv"), content);
    assertThatThrownBy(() -> Datasets.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("some.csv is not a CSV table: it is ")
        .hasMessageContaining(kind);
  }

  @Test
  void namesThatBeginAsFilesDo() throws IOException {
    for (String name : new String[] {"PAR1", "BZh", "FEA1", "GIF8", "{a}", "<x>", "[0]", "PK"}) {
      Path file = Files.writeString(folder.resolve("t.csv"), name + ",b,class\n" + TABLE);
      assertThat(((Table) Datasets.read(file)).encoding().featureNames())
          .containsExactly(name, "b");
    }
  }
}
