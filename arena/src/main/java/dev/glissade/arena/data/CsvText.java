package dev.glissade.arena.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads the characters of a table in UTF-8. Skips a byte order mark and refuses records of more
 * than 16 million characters, so that an unclosed quote cannot fill the memory.
 */
final class CsvText extends FilterReader {
  private static final int SNIFFED = 1 << 16;
  static final int MAX_RECORD = 1 << 24;

  private final String name;
  private int sinceRecord;

  CsvText(String name, InputStream in) throws IOException {
    super(new BufferedReader(decoder(in), SNIFFED));
    this.name = name;
    in().mark(1);
    if (in().read() != '\ufeff') {
      in().reset();
    }
  }

  private static Reader decoder(InputStream in) {
    return new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
  }

  private Reader in() {
    return in;
  }

  /**
   * Returns tab, semicolon or comma: the most frequent one outside of quotes in the first line with
   * text. Commas that all stand between digits count as decimal commas if there is a tab or
   * semicolon.
   */
  char delimiter() throws IOException {
    String line = firstLine(start());
    boolean decimalCommas = line.replaceAll("(?<=\\d),(?=\\d)", "").indexOf(',') < 0;
    char best = ',';
    long most = decimalCommas ? 0 : count(line, ',');
    for (char candidate : new char[] {';', '\t'}) {
      long times = count(line, candidate);
      if (times >= Math.max(most, 1)) {
        best = candidate;
        most = times;
      }
    }
    return best;
  }

  /** Returns whether blanks stand between a delimiter and a quote near the beginning. */
  boolean hasBlanksAroundQuotes(char delimiter) throws IOException {
    String mark = Pattern.quote(String.valueOf(delimiter));
    return Pattern.compile("(^|[\\r\\n]|%s) +\"|\" +(%s|[\\r\\n]|$)".formatted(mark, mark))
        .matcher(start())
        .find();
  }

  private String start() throws IOException {
    char[] start = new char[SNIFFED - 1];
    in.mark(start.length);
    int length = fill(start);
    in.reset();
    return new String(start, 0, length);
  }

  private static long count(String line, char c) {
    return line.chars().filter(other -> other == c).count();
  }

  /** Returns the first line with more than blanks and delimiters, without its quoted text. */
  private static String firstLine(String start) {
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      quoted ^= c == '"';
      if (!quoted && (c == '\n' || c == '\r')) {
        if (line.chars().anyMatch(x -> x != ',' && x != ';' && !Character.isWhitespace(x))) {
          break;
        }
        line.setLength(0);
      } else if (!quoted || c == '"') {
        line.append(c);
      }
    }
    return line.toString();
  }

  private int fill(char[] target) throws IOException {
    int length = 0;
    while (length < target.length) {
      int n = in.read(target, length, target.length - length);
      if (n < 0) {
        break;
      }
      length += n;
    }
    return length;
  }

  /** Starts the character count of the next record. */
  void endOfRecord() {
    sinceRecord = 0;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    count(n);
    return n;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    count(c < 0 ? 0 : 1);
    return c;
  }

  private void count(int n) {
    sinceRecord += Math.max(n, 0);
    if (sinceRecord > MAX_RECORD) {
      throw new DataException(
          "%s: a row must have at most %d characters, but had more: is a quote never closed?"
              .formatted(name, MAX_RECORD));
    }
  }
}
