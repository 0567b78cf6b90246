package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Where the columns of an encoding are in a file.
 *
 * @param header whether the first row is a header
 * @param names the names in the header; empty without one
 * @param positions the index of each column
 * @param label the index of the label column; -1 if there is none
 * @param extra the names of columns that the encoding does not use
 */
record ColumnMatch(
    boolean header, List<String> names, int[] positions, int label, List<String> extra) {

  /** Data counts up in as many columns only by a rare chance. */
  private static final int MANY = 5;

  /** Data is seldom as many deviations from its mean. */
  private static final double FAR = 4;

  /** Returns the columns where they were in the file that the encoding was made from. */
  static ColumnMatch same(Encoding encoding, CsvLayout layout) {
    return new ColumnMatch(
        layout.hasHeader(),
        layout.hasHeader() ? layout.first() : List.of(),
        positions(encoding),
        layout.label(),
        List.of());
  }

  private static Encoding.Columns table(Encoding encoding) {
    return (Encoding.Columns) encoding.inputs();
  }

  private static int[] positions(Encoding encoding) {
    return table(encoding).columns().stream().mapToInt(Encoding.Column::position).toArray();
  }

  /**
   * Finds columns by name in any order, or by position if the encoding or the file has no names.
   *
   * @param first the first row
   * @param width its number of columns
   */
  static ColumnMatch of(String file, Encoding encoding, TableRow first, int width, Header asked) {
    List<String> names = first.fields().subList(0, width);
    if (asked == Header.NO) {
      return byPosition(file, encoding, width);
    }
    if (!table(encoding).header()) {
      ColumnMatch data = byPosition(file, encoding, width);
      return asked == Header.YES || data.seemsNames(encoding, names) ? data.under(names) : data;
    }
    if (asked == Header.YES || hasNames(encoding, names)) {
      return byName(file, encoding, names);
    }
    boolean fits = width == table(encoding).width() || width == table(encoding).width() - 1;
    boolean data = fits && isData(file, encoding, first, width);
    return data ? byPosition(file, encoding, width) : byName(file, encoding, names);
  }

  /**
   * Returns whether the first row seems to name the columns: most columns of numbers and dates hold
   * names, or all features count up as in 0, 1, 2.
   */
  private boolean seemsNames(Encoding encoding, List<String> first) {
    List<Encoding.Column> columns = table(encoding).columns();
    int[] numbers =
        IntStream.range(0, positions.length)
            .filter(i -> columns.get(i).encoding() instanceof ColumnEncoding.Numbers)
            .map(i -> positions[i])
            .toArray();
    long names = Arrays.stream(numbers).filter(at -> isName(first.get(at))).count();
    return 2 * names > numbers.length || countsUp(columns, first);
  }

  private static boolean isName(String field) {
    return Field.isWord(field) || (Field.isText(field) && Character.isLetter(field.charAt(0)));
  }

  /**
   * Returns whether the features count up, in more columns than chance would bring about, or with a
   * number far from those of its column.
   */
  private boolean countsUp(List<Encoding.Column> columns, List<String> first) {
    List<String> features =
        IntStream.range(0, first.size()).filter(i -> i != label).mapToObj(first::get).toList();
    double[] numbers = HeaderEvidence.numbers(features);
    if (numbers.length < features.size() || !HeaderEvidence.counts(features)) {
      return false;
    }
    return numbers.length >= MANY
        || IntStream.range(0, positions.length)
            .anyMatch(i -> isFar(columns.get(i).encoding(), first.get(positions[i])));
  }

  private static boolean isFar(ColumnEncoding encoding, String field) {
    return encoding instanceof ColumnEncoding.Numbers numbers
        && Math.abs(numbers.scaling().apply(Field.number(field).orElse(Double.NaN))) > FAR;
  }

  /** Returns the same columns under a header. */
  private ColumnMatch under(List<String> header) {
    return new ColumnMatch(true, header, positions, label, extra);
  }

  private static boolean hasNames(Encoding encoding, List<String> names) {
    long found = table(encoding).columns().stream().filter(c -> names.contains(c.name())).count();
    return 2 * found >= table(encoding).columns().size();
  }

  /** Returns whether a row can be read by position. */
  private static boolean isData(String file, Encoding encoding, TableRow row, int width) {
    ColumnMatch match = byPosition(file, encoding, width);
    RowReader reader = new RowReader(file, encoding, match, "the model");
    try {
      reader.read(row, new double[match.positions().length]);
      return reader.doubts().isEmpty();
    } catch (DataException e) {
      return false;
    }
  }

  private static ColumnMatch byName(String file, Encoding encoding, List<String> names) {
    List<Encoding.Column> columns = table(encoding).columns();
    String label = encoding.label().name();
    int labelAt = encoding.label().position();
    boolean same =
        names.size() == table(encoding).width()
            && columns.stream().allMatch(c -> names.get(c.position()).equals(c.name()))
            && names.get(labelAt).equals(label);
    int[] positions =
        same
            ? positions(encoding)
            : columns.stream().mapToInt(c -> position(file, names, c.name())).toArray();
    int at = same ? labelAt : names.contains(label) ? position(file, names, label) : -1;
    TreeSet<Integer> used = new TreeSet<>(Arrays.stream(positions).boxed().toList());
    used.add(at);
    List<String> extra =
        IntStream.range(0, names.size())
            .filter(i -> !used.contains(i))
            .mapToObj(names::get)
            .toList();
    return new ColumnMatch(true, names, positions, at, extra);
  }

  private static int position(String file, List<String> names, String name) {
    int at = names.indexOf(name);
    if (at < 0) {
      throw new DataException(
          "%s must have the column %s, but has only %s"
              .formatted(file, Text.quote(name), Reading.some(names)));
    }
    if (at != names.lastIndexOf(name)) {
      throw new DataException(
          "%s must have the column %s once, but columns %d and %d have this name"
              .formatted(file, Text.quote(name), at + 1, names.lastIndexOf(name) + 1));
    }
    return at;
  }

  private static ColumnMatch byPosition(String file, Encoding encoding, int width) {
    int all = table(encoding).width();
    int label = encoding.label().position();
    if (width != all && width != all - 1) {
      throw new DataException(
          "%s must have %d columns, or %d without the label, but had %d"
              .formatted(file, all, all - 1, width));
    }
    int[] positions = positions(encoding);
    if (width < all) {
      positions = Arrays.stream(positions).map(p -> p > label ? p - 1 : p).toArray();
    }
    return new ColumnMatch(false, List.of(), positions, width < all ? -1 : label, List.of());
  }

  /** Names a column in a message: its number from 1, and its name if it has one. */
  String column(int index) {
    String place = "column " + (index + 1);
    return names.isEmpty() ? place : place + " (" + Text.quote(names.get(index)) + ")";
  }
}
