package dev.glissade.arena.data;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a first row is a header. Text over a column of numbers names it; a word that
 * other rows of its column have does not. One of n ordinary rows of numbers would differ from all
 * others in some respect with a chance of about 1 in n. Such a row scores points for a label that
 * no other row has, for numbers that count up as column names do (0, 1, 2 or 1999, 2000, 2001), for
 * words among the numbers, and for numbers unlike all others in their columns.
 *
 * @param columns the features of the first row
 * @param label its label
 * @param rest the labels of the other rows
 * @param profiles the features of the other rows
 * @param rows the number of other rows
 * @param counting the numbers of other rows that count as the first row does
 */
record HeaderEvidence(
    CsvLayout layout,
    List<String> columns,
    String label,
    LabelProfile.Classes rest,
    List<ColumnProfile> profiles,
    int rows,
    Counting counting) {
  /** Common names of label columns, which rarely name a class. */
  private static final Set<String> NAMES_OF_LABELS =
      Set.of(
          "label",
          "labels",
          "class",
          "classes",
          "target",
          "targets",
          "category",
          "kind",
          "type",
          "species",
          "outcome",
          "output",
          "response",
          "diagnosis",
          "result",
          "group");

  private static final int FEW_ROWS = 5;
  private static final int SOME_ROWS = 10;
  private static final double RARE = 0.02;

  /**
   * The numbers of rows below the first whose features go up in the steps of the first row.
   *
   * @param all the rows in the steps of all its numbers
   * @param features the rows in the steps of its features
   */
  record Counting(int all, int features) {}

  static HeaderEvidence of(
      CsvLayout layout,
      LabelProfile.Classes rest,
      List<ColumnProfile> profiles,
      int rows,
      Counting counting) {
    List<String> features =
        IntStream.range(0, layout.columns())
            .filter(i -> i != layout.label())
            .mapToObj(layout.first()::get)
            .toList();
    return new HeaderEvidence(
        layout, features, layout.first().get(layout.label()), rest, profiles, rows, counting);
  }

  /**
   * The decision about the first row.
   *
   * @param doubt a warning if the decision may be wrong; null if that is unlikely
   */
  record Verdict(boolean header, @Nullable String doubt) {}

  Verdict verdict() {
    int overNumbers = texts(profile -> 2 * profile.texts() < rows);
    int seen = seenWords();
    int texts = texts(profile -> true);
    if (seen > overNumbers) {
      return new Verdict(false, null);
    }
    boolean repeated = overNumbers == 0 && rows > 1 && rest.has(label);
    if (texts > 0 && 2 * texts >= columns.size() && !repeated) {
      return new Verdict(true, null);
    }
    boolean names = overNumbers > 0 || texts(HeaderEvidence::repeatsWords) > 0;
    int label = ofLabel();
    int counting = ofCounting(label);
    int odd = ofOddNumbers();
    int clear = label + counting + (names ? 2 : 0);
    boolean learnable = rows >= 2 && rest.names().size() >= 2;
    boolean header = (learnable || names) && clear >= 1 && clear + odd >= 2;
    if (header) {
      boolean alone = clear + odd < 3 || (label == 0 && odd == 0) || (!names && mayBeClass());
      return new Verdict(
          true,
          alone
              ? "line 1 was read as a header (%s): pass --header no if it is a row"
                  .formatted(Reading.some(layout.first()))
              : null);
    }
    boolean doubtful = learnable && label >= 0 && (clear >= 1 || odd >= 2);
    return new Verdict(
        false,
        doubtful
            ? "line 1 was read as a row, though it differs from the others (%s): pass --header yes if it"
                    .formatted(Reading.some(layout.first()))
                + " is a header"
            : null);
  }

  /** Counts the features of the first row that are text, of columns that meet a condition. */
  private int texts(Predicate<ColumnProfile> condition) {
    return (int)
        IntStream.range(0, columns.size())
            .filter(i -> Field.isText(columns.get(i)) && condition.test(profiles.get(i)))
            .count();
  }

  private static boolean repeatsWords(ColumnProfile profile) {
    return 2 * profile.differentWords() <= profile.texts();
  }

  /** Counts the features of the first row that are words of other rows. */
  private int seenWords() {
    return (int)
        IntStream.range(0, columns.size())
            .filter(i -> profiles.get(i).words().containsKey(columns.get(i)))
            .count();
  }

  /**
   * Returns whether the label may be a class of the first row alone: text like the other labels.
   */
  private boolean mayBeClass() {
    return Field.isText(label) && !isNameOfLabel(label) && !rest.numbers();
  }

  /** Scores the label; negative if other rows have it as their class, so it names no column. */
  private int ofLabel() {
    if (Field.isMissing(label) || Field.isNotFinite(label)) {
      return 0;
    }
    boolean number = Field.number(label).isPresent();
    if (rest.has(label)) {
      return number ? 0 : -9;
    }
    boolean repeated = rest.singles() < rest.names().size();
    boolean otherKind =
        number
            ? rest.names().stream().noneMatch(name -> Field.number(name).isPresent()) && repeated
            : rest.numbers();
    if (otherKind || (!number && isNameOfLabel(label))) {
      return 3;
    }
    // The Good-Turing estimate of the chance of a class that no other row has.
    double chance = (rest.singles() + 1.0) / (rows + 1.0);
    if (repeated && (rest.singles() == 0 || chance <= 0.1)) {
      return number ? 1 : 2;
    }
    return !number && repeated ? 1 : 0;
  }

  /** Returns whether label columns are often called this. */
  static boolean isNameOfLabel(String text) {
    return NAMES_OF_LABELS.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Scores names that count up, unless other rows count up as well. */
  private int ofCounting(int label) {
    if (label < 0) {
      return 0;
    }
    double[] all = numbers(layout.first());
    double[] features = numbers(columns);
    double[] counting =
        isCounting(all) || all.length == features.length || label == 0 ? all : features;
    boolean enough = counting.length >= 3 || (counting.length == 2 && label >= 1);
    if (!enough || !isCounting(counting)) {
      return 0;
    }
    int others = counting.length == all.length ? this.counting.all() : this.counting.features();
    boolean usual = others > RARE * rows;
    return usual ? 0 : Math.min(3, counting.length - 1);
  }

  /** Returns whether the numbers of a row count up as column names do: from 0 or 1, or as years. */
  static boolean counts(List<String> row) {
    double[] numbers = numbers(row);
    return numbers.length >= 3 && isCounting(numbers);
  }

  static double[] numbers(List<String> fields) {
    return fields.stream()
        .map(Field::number)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .toArray();
  }

  /**
   * Returns whether numbers go up from 0 or 1 by 1, or lie in 1800 to 2200 in equal whole steps.
   */
  static boolean isCounting(double[] numbers) {
    if (numbers.length < 2) {
      return false;
    }
    double first = numbers[0];
    double last = numbers[numbers.length - 1];
    double step = numbers[1] - first;
    boolean indices = (first == 0 || first == 1) && step == 1;
    boolean years =
        Math.min(first, last) >= 1800 && Math.max(first, last) <= 2200 && step == Math.rint(step);
    return (indices || (years && step != 0 && first == Math.rint(first))) && isEven(numbers, step);
  }

  /** Returns whether each number is the one before it plus the step. */
  static boolean isEven(double[] numbers, double step) {
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] - numbers[i - 1] != step) {
        return false;
      }
    }
    return true;
  }

  /** Scores numbers outside the range of their columns, or whole numbers among fractions. */
  private int ofOddNumbers() {
    int odd = 0;
    int numbers = 0;
    for (int column = 0; column < columns.size(); column++) {
      OptionalDouble number = Field.number(columns.get(column));
      if (number.isPresent()) {
        numbers++;
        odd += isOdd(number.getAsDouble(), column) ? 1 : 0;
      }
    }
    if (rows < FEW_ROWS || odd == 0 || 2 * odd < numbers) {
      return 0;
    }
    return odd == numbers && odd >= 3 && rows >= SOME_ROWS ? 2 : 1;
  }

  private boolean isOdd(double number, int column) {
    ColumnProfile profile = profiles.get(column);
    if (profile.numbers() == 0) {
      return false;
    }
    boolean whole = profile.hasWholeNumbers();
    return number < profile.min()
        || number > profile.max()
        || (!whole && number == Math.rint(number));
  }
}
