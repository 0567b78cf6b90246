package dev.glissade.arena.data;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One row of a table: its fields without surrounding blanks, and the line of each. Reused. */
final class TableRow {
  private char[] chars = new char[256];
  private int[] begins = new int[16];
  private int[] ends = new int[16];
  private long[] lines = new long[16];
  private int size;
  private int used;
  private long line;

  /** Empties the row for another that begins at this line. */
  void begin(long line) {
    this.line = line;
    size = 0;
    used = 0;
  }

  /** Adds a field; one in quotes may hold line breaks. */
  void add(char[] buffer, int offset, int length, boolean quoted) {
    if (size == begins.length) {
      begins = Arrays.copyOf(begins, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      lines = Arrays.copyOf(lines, 2 * size);
    }
    int from = offset;
    int to = offset + length;
    while (from < to && Character.isWhitespace(buffer[from])) {
      from++;
    }
    while (to > from && Character.isWhitespace(buffer[to - 1])) {
      to--;
    }
    if (used + to - from > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(2 * chars.length, used + to - from));
    }
    System.arraycopy(buffer, from, chars, used, to - from);
    lines[size] = line;
    begins[size] = used;
    used += to - from;
    ends[size++] = used;
    if (quoted) {
      line += breaks(buffer, offset, offset + length);
    }
  }

  private static int breaks(char[] buffer, int from, int to) {
    int breaks = 0;
    for (int i = from; i < to; i++) {
      boolean pair = buffer[i] == '\r' && i + 1 < to && buffer[i + 1] == '\n';
      breaks += buffer[i] == '\n' || (buffer[i] == '\r' && !pair) ? 1 : 0;
    }
    return breaks;
  }

  /** Returns a copy that stays. */
  TableRow copy() {
    TableRow copy = new TableRow();
    copy.chars = Arrays.copyOf(chars, used);
    copy.begins = Arrays.copyOf(begins, Math.max(size, 1));
    copy.ends = Arrays.copyOf(ends, Math.max(size, 1));
    copy.lines = Arrays.copyOf(lines, Math.max(size, 1));
    copy.size = size;
    copy.used = used;
    copy.line = line;
    return copy;
  }

  int size() {
    return size;
  }

  /** Returns the line in which a field begins. */
  long line(int field) {
    return lines[field];
  }

  String text(int field) {
    return new String(chars, begins[field], ends[field] - begins[field]);
  }

  boolean isEmpty(int field) {
    return begins[field] == ends[field];
  }

  List<String> fields() {
    List<String> fields = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      fields.add(text(i));
    }
    return fields;
  }

  /** Returns whether no field shows a visible character. */
  boolean isBlank() {
    for (int i = 0; i < used; i++) {
      if (chars[i] > ' ' && chars[i] < 0x7f) {
        return false;
      }
    }
    return fields().stream().allMatch(Field::isBlank);
  }

  /** Returns whether an unquoted field begins with a quote. */
  boolean beginsWithQuote(int field) {
    return begins[field] < ends[field] && chars[begins[field]] == '"';
  }

  /** Returns the decimal number in a field, which may be infinite; NaN if it holds none. */
  double number(int field) {
    int begin = begins[field];
    int end = ends[field];
    return Field.isNumber(chars, begin, end)
        ? JavaDoubleParser.parseDouble(chars, begin, end - begin)
        : Double.NaN;
  }

  /** Returns whether a field is a whole number, with a sign or without, of this many digits. */
  boolean isWhole(int field, int leastDigits) {
    int begin = begins[field];
    int end = ends[field];
    int digits = begin < end && (chars[begin] == '-' || chars[begin] == '+') ? begin + 1 : begin;
    for (int i = digits; i < end; i++) {
      if (chars[i] < '0' || chars[i] > '9') {
        return false;
      }
    }
    return end - digits >= leastDigits;
  }
}
