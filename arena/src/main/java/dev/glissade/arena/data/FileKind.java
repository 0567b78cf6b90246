package dev.glissade.arena.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes other kinds of files by their first bytes, so that an error can name them. */
final class FileKind {
  private static final int LOOKED_AT = 4096;
  private static final String UNPACK = "unpack it and pass the CSV file in it";
  private static final String EXPORT = "export it as CSV in UTF-8";

  /** Names of the first entries of a workbook. */
  private static final Pattern WORKBOOK =
      Pattern.compile("\\[Content_Types]\\.xml|xl/|_rels/\\.rels|mimetypeapplication/vnd\\.");

  /**
   * The first bytes of a kind of file, one byte a character.
   *
   * @param remedy what the user can do
   */
  private record Start(String bytes, String kind, String remedy) {}

  private static final List<Start> STARTS =
      List.of(
          new Start("PK\3\4", "a ZIP archive", UNPACK),
          new Start("PK\5\6", "an empty ZIP archive", UNPACK),
          new Start("\u00d0\u00cf\u0011\u00e0", "a workbook of an older Excel (.xls)", EXPORT),
          new Start("\u001f\u008b", "compressed with gzip more than once", "decompress it first"),
          new Start("BZh", "compressed with bzip2", "decompress it first"),
          new Start("\u00fd7zXZ\0", "compressed with xz", "decompress it first"),
          new Start("(\u00b5/\u00fd", "compressed with zstd", "decompress it first"),
          new Start("7z\u00bc\u00af", "a 7z archive", UNPACK),
          new Start("Rar!", "a RAR archive", UNPACK),
          new Start("%PDF", "a PDF document", "pass a table as CSV in UTF-8"),
          new Start("{\\rtf", "a document in RTF", "save it as plain text in UTF-8"),
          new Start("\u0089PNG", "a PNG image", "pass images as a folder of IDX files"),
          new Start("\u00ff\u00d8\u00ff", "a JPEG image", "pass images as a folder of IDX files"),
          new Start("GIF8", "a GIF image", "pass images as a folder of IDX files"),
          new Start("\0\0\u0008\3", "an IDX file", "pass the folder that holds it"),
          new Start("\0\0\u0008\1", "an IDX file", "pass the folder that holds it"),
          new Start("PAR1", "a Parquet file", EXPORT),
          new Start("ARROW1", "an Arrow file", EXPORT),
          new Start("FEA1", "a Feather file", EXPORT),
          new Start("\u0089HDF", "an HDF5 file", EXPORT),
          new Start("\u0093NUMPY", "a NumPy file", EXPORT),
          new Start("SQLite format 3\0", "a SQLite database", EXPORT),
          new Start("\u00ff\u00fe\0\0", "text in UTF-32", "save it in UTF-8"),
          new Start("\0\0\u00fe\u00ff", "text in UTF-32", "save it in UTF-8"),
          new Start("\u00ff\u00fe", "text in UTF-16", "save it in UTF-8"),
          new Start("\u00fe\u00ff", "text in UTF-16", "save it in UTF-8"),
          new Start(
              "version https://git-lfs",
              "a Git LFS pointer",
              "run \"git lfs pull\" to get the file itself"),
          new Start("\u007fELF", "a program", "pass a table as CSV in UTF-8"));

  /** An object, or a list of objects, lists or texts. */
  private static final Pattern JSON = Pattern.compile("(?s)\\s*(\\{\\s*[\"}]|\\[\\s*[\\[{\"]).*");

  private static final Pattern MARKUP =
      Pattern.compile("(?s)\\s*<(!doctype|html|head|body|table|\\?xml)\\b.*");

  private FileKind() {}

  /** Returns the stream itself if it supports marks, else a buffered one. */
  static InputStream withLookahead(InputStream in) {
    return in.markSupported() ? in : new BufferedInputStream(in, LOOKED_AT);
  }

  /**
   * Refuses a file that is certainly not a text table, and names its kind.
   *
   * @param in a stream at the beginning of the file, where it stays; must support marks
   */
  static void refuseOthers(String name, InputStream in) throws IOException {
    in.mark(LOOKED_AT);
    byte[] start = in.readNBytes(LOOKED_AT);
    in.reset();
    Start found = of(start);
    if (found != null) {
      throw new DataException(
          "%s is not a CSV table: it is %s: %s".formatted(name, found.kind(), found.remedy()));
    }
  }

  private static @Nullable Start of(byte[] start) {
    String bytes = new String(start, StandardCharsets.ISO_8859_1);
    for (Start known : STARTS) {
      boolean wordAlone = known.bytes().matches("[A-Z0-9a-z!]+");
      if (bytes.startsWith(known.bytes()) && !(wordAlone && isText(start))) {
        return known.bytes().startsWith("PK") && WORKBOOK.matcher(bytes).find()
            ? new Start("", "a workbook, such as Excel's .xlsx, or another document", EXPORT)
            : known;
      }
    }
    if (bytes.startsWith("ustar", 257)) {
      return new Start("", "a TAR archive", UNPACK);
    }
    if (alternates(start)) {
      return new Start("", "text in UTF-16", "save it in UTF-8");
    }
    String text = bytes.startsWith("\u00ef\u00bb\u00bf") ? bytes.substring(3) : bytes;
    if (MARKUP.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      return new Start("", "HTML or XML", "save the table itself as CSV in UTF-8");
    }
    return JSON.matcher(text).matches() ? new Start("", "JSON", EXPORT) : null;
  }

  /**
   * Returns whether the bytes are UTF-8 without control characters; the header of a table may begin
   * with a word such as PAR1.
   */
  private static boolean isText(byte[] start) {
    String text = new String(start, StandardCharsets.UTF_8);
    return text.codePoints()
        .limit(text.length() - 1L)
        .noneMatch(c -> c == 0xfffd || (c < ' ' && c != '\t' && c != '\n' && c != '\r'));
  }

  /** Returns whether about every other byte is 0, as in Latin text in UTF-16. */
  private static boolean alternates(byte[] start) {
    int[] zeros = new int[2];
    for (int i = 0; i < start.length; i++) {
      zeros[i % 2] += start[i] == 0 ? 1 : 0;
    }
    int half = start.length / 2;
    return half >= 4
        && Math.max(zeros[0], zeros[1]) >= 0.9 * half
        && Math.min(zeros[0], zeros[1]) == 0;
  }
}
