package dev.glissade.arena.data;

import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides what the label column holds: classes or numbers. */
final class LabelChoice {
  private static final int FEW_CLASSES = 20;
  private static final int MOST_NUMBERS = 100;

  /** Names that columns have for one reason only. */
  private static final Set<String> CERTAIN_NAMES =
      Set.of("label", "labels", "class", "classes", "target", "targets");

  private final TableScan.Found found;
  private final DataRequest request;
  private final LabelProfile profile;
  private final int column;
  private final List<String> doubts = new ArrayList<>();

  LabelChoice(TableScan.Found found, DataRequest request) {
    this.found = found;
    this.request = request;
    this.profile = found.label();
    this.column = found.layout().label();
  }

  List<String> doubts() {
    return doubts;
  }

  /** Refuses the last column as the label if another column has a name that says that it is. */
  void checkName() {
    List<String> names = found.layout().first();
    if (request.label() != null || !found.layout().hasHeader() || isCertain(names.get(column))) {
      return;
    }
    IntStream.range(0, names.size())
        .filter(i -> isCertain(names.get(i)))
        .findFirst()
        .ifPresent(i -> {
          throw new DataException(
              "%s seems to be the label column: pass --label %s, or --label -1 for the last column"
                  .formatted(found.subject(i), found.layout().option(i)));
        });
  }

  private static boolean isCertain(String name) {
    return CERTAIN_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Returns the encoding, without the scaling of numbers unless the user gives their bounds. */
  LabelEncoding encoding(ColumnBounds.@Nullable Range bounds) {
    String name = found.layout().hasHeader() ? found.layout().first().get(column) : "";
    if (request.task() == Task.REGRESSION) {
      return new LabelEncoding.NumberLabel(name, column, numbers(bounds));
    }
    if (bounds != null) {
      throw new DataException(
          "%s must have no --bounds, which are for the numbers of --task regression"
              .formatted(found.subject(column)));
    }
    LabelProfile.Classes classes = profile.classes();
    check(classes);
    addDoubts(classes);
    return new LabelEncoding.ClassLabel(name, column, classes.names());
  }

  private LinearScale numbers(ColumnBounds.@Nullable Range bounds) {
    ColumnProfile.Place text = profile.firstText();
    if (text != null) {
      throw new DataException(
          "%s line %d, %s %s"
              .formatted(
                  found.file(),
                  text.line(),
                  found.layout().column(column),
                  Field.complaint(text.text())));
    }
    if (bounds != null) {
      return bounds.scaling();
    }
    if (request.isPrivate()) {
      throw new DataException(
          "%s must have bounds, since private training must not learn the range of the label from the data: pass --bounds %s=LOW:HIGH"
              .formatted(found.subject(column), found.layout().option(column)));
    }
    if (profile.min() == profile.max()) {
      throw oneValue();
    }
    return LinearScale.NONE;
  }

  private DataException oneValue() {
    return new DataException(
        "%s must have at least 2 different values, but every row has %s"
            .formatted(found.subject(column), Text.quote(profile.classes().names().get(0))));
  }

  private void check(LabelProfile.Classes classes) {
    int different = classes.names().size();
    if (different == 1) {
      throw oneValue();
    }
    if (request.task() == null && classes.areDates()) {
      throw new DataException(
          "%s must be a column of classes, but has dates such as %s: pass --task classes to make each date a class%s"
              .formatted(found.subject(column), Text.quote(classes.names().get(0)), otherLabel()));
    }
    boolean values = profile.hasFractions() || different > MOST_NUMBERS;
    if (request.task() == null && profile.isNumeric() && values) {
      throw new DataException(
          "%s must be a column of classes, but has %s: pass --task regression to predict a number, or --task classes to make each number a class%s"
              .formatted(
                  found.subject(column),
                  profile.hasFractions()
                      ? "numbers with fractions"
                      : "more than " + MOST_NUMBERS + " different numbers",
                  otherLabel()));
    }
    if (profile.hasTooManyClasses()) {
      throw new DataException(
          "%s must have at most %d different values to be a column of classes, but had more%s"
              .formatted(found.subject(column), LabelProfile.MAX_CLASSES, otherLabel()));
    }
    if (different > FEW_CLASSES && 2L * different > profile.rows()) {
      throw new DataException(
          "%s must repeat its values to be a column of classes, but had %d different values in %d rows%s"
              .formatted(found.subject(column), different, profile.rows(), otherLabel()));
    }
  }

  /** Returns the end of an error about the last column if the user named no label column. */
  private String otherLabel() {
    return request.label() == null ? "; if another column is the label, pass --label COLUMN" : "";
  }

  private void addDoubts(LabelProfile.Classes classes) {
    List<String> names = classes.names();
    List<String> single =
        IntStream.range(0, names.size())
            .filter(i -> classes.counts()[i] == 1)
            .mapToObj(names::get)
            .toList();
    if (!single.isEmpty()) {
      doubts.add("classes with a single row: " + Reading.some(single));
    }
    if (names.size() > FEW_CLASSES) {
      doubts.add(
          classes.numbers() && request.task() == null
              ? "each of %d numbers is a class of its own: pass --task regression to predict a number"
                  .formatted(names.size())
              : "the label column has many classes: " + names.size());
    }
    Map<String, List<String>> alike = new LinkedHashMap<>();
    names.forEach(
        name -> alike.computeIfAbsent(Text.looks(name), k -> new ArrayList<>()).add(name));
    alike.values().stream()
        .filter(same -> same.size() > 1)
        .findFirst()
        .ifPresent(same -> doubts.add("classes that look alike: " + Reading.some(same)));
  }
}
