package dev.glissade.arena.data;

import dev.glissade.arena.data.ColumnChoice.Dropped;
import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Describes what was read from a table and warns of what is doubtful.
 *
 * @param counts the number of rows of each class; one number for regression
 * @param testRows the number of rows of a file with the test part; -1 without one
 */
record TableReading(
    TableScan.Found found,
    DataRequest request,
    Encoding encoding,
    List<Dropped> dropped,
    int[] counts,
    int testRows) {

  /** Returns the description and the warnings, with those that others found. */
  Reading reading(List<String> others) {
    List<String> doubts = new ArrayList<>();
    if (found.headerDoubt() != null) {
      doubts.add(found.headerDoubt());
    }
    addLeftOut(doubts);
    addConstants(doubts);
    doubts.addAll(others);
    return new Reading(
        List.of(rows(), features(), label()), request.isPrivate() ? unscaled() : doubts);
  }

  private String rows() {
    boolean ownTest = testRows >= 0;
    int[] sizes = Parts.sizes(request.isPrivate() ? new int[] {found.rows()} : counts, ownTest);
    return String.format(
        Locale.ROOT,
        "%s: %,d rows: %s%s; header: %s",
        found.file(),
        found.rows(),
        Reading.parts(sizes, Math.max(testRows, 0)),
        ownTest ? " from another file" : "",
        found.layout().hasHeader() ? "yes" : "no");
  }

  private String features() {
    List<String> kinds = new ArrayList<>();
    addKind(kinds, "numbers", e -> e instanceof ColumnEncoding.Numbers n && n.date() == null);
    addKind(kinds, "dates", e -> e instanceof ColumnEncoding.Numbers n && n.date() != null);
    addKind(kinds, "words", e -> e instanceof ColumnEncoding.Words);
    List<Dropped> named =
        dropped.stream().filter(d -> !d.reason().equals(ColumnOptions.NOT_IN_FEATURES)).toList();
    String out =
        named.isEmpty()
            ? ""
            : "; dropped: "
                + Reading.few(
                    named.stream()
                        .map(d -> "%s (%s)".formatted(name(d.column()), d.reason()))
                        .toList());
    int others = dropped.size() - named.size();
    out += others == 0 ? "" : "; %,d not in --features".formatted(others);
    return String.format(
        Locale.ROOT,
        "features: %s; %,d %s%s",
        String.join("; ", kinds),
        encoding.features(),
        encoding.features() == 1 ? "input" : "inputs",
        out);
  }

  private void addKind(List<String> kinds, String kind, Predicate<ColumnEncoding> is) {
    List<String> names =
        ((Encoding.Columns) encoding.inputs())
            .columns().stream()
                .filter(column -> is.test(column.encoding()))
                .map(column -> name(column.position()))
                .toList();
    if (!names.isEmpty()) {
      kinds.add(
          String.format(
              Locale.ROOT,
              "%,d %s of %s (%s)",
              names.size(),
              names.size() == 1 ? "column" : "columns",
              kind,
              Reading.few(names)));
    }
  }

  private String name(int column) {
    return found.layout().hasHeader()
        ? Text.quote(found.layout().first().get(column))
        : "column " + (column + 1);
  }

  private String label() {
    String column = "label: " + found.layout().column(found.layout().label());
    if (encoding.task() == Task.REGRESSION) {
      LabelProfile label = found.label();
      return request.isPrivate()
          ? column + ", a number"
          : String.format(
              Locale.ROOT,
              "%s, a number from %.6g to %.6g, mean %.6g",
              column,
              label.min(),
              label.max(),
              label.mean());
    }
    List<String> names = encoding.classNames();
    return "%s, %s"
        .formatted(
            column, request.isPrivate() ? Reading.classes(names) : Reading.classes(names, counts));
  }

  /** Says how many columns private training does not scale; their number reveals nothing. */
  private List<String> unscaled() {
    long columns =
        ((Encoding.Columns) encoding.inputs())
            .columns().stream()
                .map(Encoding.Column::encoding)
                .filter(ColumnEncoding.Numbers.class::isInstance)
                .map(ColumnEncoding.Numbers.class::cast)
                .filter(numbers -> numbers.scaling().equals(LinearScale.NONE))
                .count();
    return columns == 0
        ? List.of()
        : List.of(
            "%s without --bounds %s as in the file, not scaled; give them ranges if they are large"
                .formatted(
                    Text.count(columns, "column", "columns"), columns == 1 ? "stays" : "stay"));
  }

  private void addLeftOut(List<String> doubts) {
    if (found.blankRows() > 0) {
      doubts.add("skipped rows without any value: " + found.blankRows());
    }
    if (found.emptyEnds() > 0) {
      doubts.add(
          "ignored empty columns at the end of rows: "
              + found.emptyEnds()
              + (found.emptyEnds() == 1 ? " row" : " rows"));
    }
  }

  private void addConstants(List<String> doubts) {
    List<Encoding.Column> constant =
        ((Encoding.Columns) encoding.inputs())
            .columns().stream()
                .filter(column -> found.profile(column.position()).isConstant())
                .toList();
    if (!constant.isEmpty()) {
      doubts.add(
          "constant columns, which teach nothing: %d, such as %s"
              .formatted(constant.size(), found.layout().column(constant.get(0).position())));
    }
  }
}
