package dev.glissade.arena.data;

import dev.glissade.arena.data.ColumnProfile.Place;
import dev.glissade.arena.text.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each feature column holds: numbers, dates, words, or an identifier that teaches
 * nothing. Collects the fields that fit no column and refuses the first of them.
 */
final class ColumnChoice {
  private static final int FEW_WORDS = 20;
  private static final int CODES_PER_TEXT = 20;
  private static final int COUNTED_ROWS = 10;

  private final TableScan.Found found;
  private final DataRequest request;
  private final ColumnOptions options;
  private final Map<Integer, Set<String>> mixed;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Encoding.Column> columns = new ArrayList<>();
  private final List<Dropped> dropped = new ArrayList<>();

  /** A column that is left out, and why. */
  record Dropped(int column, String reason) {}

  private record Refusal(long line, int column, String message) {}

  /**
   * @param mixed the texts of the columns of {@link #mixed}
   */
  ColumnChoice(
      TableScan.Found found,
      DataRequest request,
      ColumnOptions options,
      Map<Integer, Set<String>> mixed) {
    this.found = found;
    this.request = request;
    this.options = options;
    this.mixed = mixed;
    for (ColumnProfile profile : found.features()) {
      choose(profile);
    }
    refusals.stream()
        .min(Comparator.comparingLong(Refusal::line).thenComparingInt(Refusal::column))
        .ifPresent(first -> {
          throw new DataException(first.message());
        });
  }

  /** Returns the columns of words that also hold numbers. */
  static Set<Integer> mixed(TableScan.Found found, ColumnOptions options) {
    Set<Integer> mixed = new TreeSet<>();
    for (ColumnProfile profile : found.features()) {
      int column = profile.column();
      if (options.drops(column) == null
          && !options.categories().containsKey(column)
          && profile.numbers() > 0
          && isWords(profile)) {
        mixed.add(column);
      }
    }
    return mixed;
  }

  List<Encoding.Column> columns() {
    return columns;
  }

  List<Dropped> dropped() {
    return dropped;
  }

  private void choose(ColumnProfile profile) {
    int column = profile.column();
    String reason = options.drops(column);
    if (reason == null && !options.isForced(column) && !request.isPrivate()) {
      reason = isOfNoUse(profile);
    }
    if (reason != null) {
      dropped.add(new Dropped(column, reason));
      return;
    }
    ColumnEncoding encoding = encoding(profile);
    checkMissing(profile, encoding);
    String name =
        found.layout().hasHeader()
            ? found.layout().first().get(column)
            : String.valueOf(column + 1);
    columns.add(new Encoding.Column(name, column, encoding));
  }

  /** Returns why a column teaches nothing; null if it may be of use. */
  private @Nullable String isOfNoUse(ColumnProfile profile) {
    if (options.categories().containsKey(profile.column())) {
      return null;
    }
    if (profile.numbers() + profile.texts() == 0) {
      return request.missing() == Missing.REFUSE || profile.missing() == 0 ? null : "has no values";
    }
    if (profile.texts() == 0) {
      return profile.hasHugeNumbers()
          ? "whole numbers of more than 15 digits"
          : profile.countsRows() && found.rows() >= COUNTED_ROWS ? "counts the rows" : null;
    }
    return isWords(profile) && profile.differentWords() > FEW_WORDS && isMostlyUnique(profile)
        ? "differs in most rows"
        : null;
  }

  private static boolean isMostlyUnique(ColumnProfile profile) {
    return 2 * profile.differentWords() > profile.texts();
  }

  /**
   * Returns whether a column holds words: text in most fields, or in 1 of 20 if there are more than
   * 20 different ones, as among the numbers of tickets. A few words among numbers are errors.
   */
  private static boolean isWords(ColumnProfile profile) {
    long all = profile.texts() + profile.numbers();
    boolean codes = profile.differentWords() > FEW_WORDS && CODES_PER_TEXT * profile.texts() >= all;
    return profile.dates().isEmpty() && (profile.texts() > profile.numbers() || codes);
  }

  private ColumnEncoding encoding(ColumnProfile profile) {
    int column = profile.column();
    boolean indicator =
        request.missing() == Missing.COLUMN && (profile.missing() > 0 || request.isPrivate());
    List<String> given = options.categories().get(column);
    if (given != null) {
      return new ColumnEncoding.Words(given, request.missing(), indicator);
    }
    if (profile.numbers() == 0 && !profile.dates().isEmpty()) {
      return new ColumnEncoding.Numbers(
          scaling(profile), request.missing(), indicator, date(profile).toString());
    }
    if (isWords(profile)) {
      return new ColumnEncoding.Words(words(profile), request.missing(), indicator);
    }
    refuse(profile, profile.outOfRange(), Field::complaint);
    refuse(profile, profile.firstText(), Field::complaint);
    return new ColumnEncoding.Numbers(scaling(profile), request.missing(), indicator, null);
  }

  private LinearScale scaling(ColumnProfile profile) {
    ColumnBounds.Range range = options.bounds(profile.column());
    if (range != null) {
      return range.scaling();
    }
    if (request.isPrivate() && request.missing() != Missing.REFUSE) {
      throw new DataException(
          "%1$s must have bounds, whose middle replaces missing values in private training: pass --bounds %2$s=LOW:HIGH or --drop %2$s"
              .formatted(found.subject(profile.column()), found.layout().option(profile.column())));
    }
    return LinearScale.NONE;
  }

  private DateFormat date(ColumnProfile profile) {
    Set<DateFormat> formats = profile.dates();
    if (formats.size() > 1) {
      throw new DataException(
          "%s must have dates whose day and month can be told apart, but had only such as %s: write"
                  .formatted(
                      found.subject(profile.column()),
                      Text.quote(profile.words().keySet().iterator().next()))
              + " them as yyyy-MM-dd, or pass --drop "
              + found.layout().option(profile.column()));
    }
    return formats.iterator().next();
  }

  private List<String> words(ColumnProfile profile) {
    int column = profile.column();
    refuse(profile, profile.outOfRange(), text -> "must be a word, but was " + Text.quote(text));
    refuse(
        profile,
        profile.firstSuspect(),
        text -> Field.complaintAboutWord(text).orElse(Field.complaint(text)));
    if (request.isPrivate()) {
      throw new DataException(
          "%1$s has words, which private training must not learn from the data: pass --categories %2$s=WORD|WORD or --drop %2$s"
              .formatted(found.subject(column), found.layout().option(column)));
    }
    Collection<String> words = mixed.getOrDefault(column, profile.words().keySet());
    if (words.size() > ColumnProfile.MOST_WORDS || profile.hasTooManyWords()) {
      throw new DataException(
          "%s must have at most %d different words, but had more: pass --drop %s"
              .formatted(
                  found.subject(column), ColumnProfile.MOST_WORDS, found.layout().option(column)));
    }
    return List.copyOf(new TreeSet<>(words));
  }

  private void checkMissing(ColumnProfile profile, ColumnEncoding encoding) {
    if (request.missing() != Missing.REFUSE) {
      return;
    }
    String remedy = "; to fill in missing values, pass --missing mean or --missing column";
    boolean words = encoding instanceof ColumnEncoding.Words;
    refuse(
        profile,
        profile.firstMissing(),
        text ->
            (words
                    ? "must be a word, but the value is missing: " + Text.quote(text)
                    : Field.complaint(text))
                + remedy);
    refuse(profile, profile.firstNan(), text -> Field.complaint(text) + remedy);
  }

  private void refuse(
      ColumnProfile profile, @Nullable Place place, UnaryOperator<String> complaint) {
    if (place != null) {
      refusals.add(
          new Refusal(
              place.line(),
              profile.column(),
              "%s line %d, %s %s"
                  .formatted(
                      found.file(),
                      place.line(),
                      found.layout().column(profile.column()),
                      complaint.apply(place.text()))));
    }
  }
}
