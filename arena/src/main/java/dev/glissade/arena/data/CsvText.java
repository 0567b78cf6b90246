package dev.glissade.arena.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a table: UTF-8, a byte order mark skipped, and no record longer than 16 million
 * characters, so that a quote which is never closed cannot fill the memory.
 */
final class CsvText extends FilterReader {
  private static final int SNIFFED = 1 << 16;
  private static final int MAX_RECORD = 1 << 24;

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

  /** Tab, semicolon or comma: the most frequent in the first line with text, outside of quotes. */
  char delimiter() throws IOException {
    char[] start = new char[SNIFFED - 1];
    in.mark(start.length);
    int length = fill(start);
    in.reset();
    char[] candidates = {'\t', ';', ','};
    int[] counts = new int[candidates.length];
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < length; i++) {
      char c = start[i];
      quoted ^= c == '"';
      boolean ends = !quoted && (c == '\n' || c == '\r');
      if (ends && begun) {
        break;
      }
      boolean delimits = false;
      for (int k = 0; k < candidates.length; k++) {
        counts[k] = ends ? 0 : counts[k] + (!quoted && c == candidates[k] ? 1 : 0);
        delimits |= c == candidates[k];
      }
      begun |= !delimits && !Character.isWhitespace(c);
    }
    return candidates[largest(counts)];
  }

  private static int largest(int[] counts) {
    int best = counts.length - 1;
    for (int k = counts.length - 2; k >= 0; k--) {
      best = counts[k] >= Math.max(counts[best], 1) ? k : best;
    }
    return best;
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

  /** A record was read to its end: the count of its characters begins anew. */
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
          "%s: a row may have at most %d characters; is a quote never closed?"
              .formatted(name, MAX_RECORD));
    }
  }
}
