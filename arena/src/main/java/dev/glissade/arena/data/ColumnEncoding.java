package dev.glissade.arena.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one column becomes inputs. A field is a number first: a number or date itself, a word its
 * place among the words, NaN a missing value.
 */
public sealed interface ColumnEncoding {
  /** The place of a word that is not in the list. */
  double UNKNOWN_WORD = -1;

  /** Returns what becomes of missing values. */
  Missing missing();

  /** Returns whether the last input is 1 where the value is missing and 0 elsewhere. */
  boolean indicator();

  /** Returns the number of inputs. */
  int width();

  /** Writes the inputs of one field to target[at], target[at + 1], ... */
  void encode(double field, float[] target, int at);

  /** Returns the names of the inputs of a column of this name. */
  List<String> names(String column);

  /** Returns plain values for JSON. */
  Map<String, Object> plain();

  /**
   * A number or a date, scaled; a missing one becomes 0.
   *
   * @param date how dates are written; null for numbers
   */
  record Numbers(LinearScale scaling, Missing missing, boolean indicator, @Nullable String date)
      implements ColumnEncoding {

    @Override
    public int width() {
      return indicator ? 2 : 1;
    }

    @Override
    public void encode(double field, float[] target, int at) {
      boolean absent = Double.isNaN(field);
      target[at] = absent ? 0f : scaling.apply(field);
      if (indicator) {
        target[at + 1] = absent ? 1f : 0f;
      }
    }

    @Override
    public List<String> names(String column) {
      return indicator ? List.of(column, column + " missing") : List.of(column);
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      plain.put("kind", date == null ? "number" : "date");
      if (date != null) {
        plain.put("format", date);
      }
      plain.put("mean", scaling.mean());
      plain.put("deviation", scaling.deviation());
      plain.put("clamped", scaling.clamped());
      return plain;
    }
  }

  /** Words, one-hot: an input for each, 1 or 0. All are 0 for a missing or unknown word. */
  record Words(List<String> words, Missing missing, boolean indicator) implements ColumnEncoding {
    /** Copies the list. */
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public int width() {
      return words.size() + (indicator ? 1 : 0);
    }

    @Override
    public void encode(double field, float[] target, int at) {
      for (int i = 0; i < words.size(); i++) {
        target[at + i] = field == i ? 1f : 0f;
      }
      if (indicator) {
        target[at + words.size()] = Double.isNaN(field) ? 1f : 0f;
      }
    }

    @Override
    public List<String> names(String column) {
      List<String> names = new ArrayList<>();
      words.forEach(word -> names.add(column + "=" + word));
      if (indicator) {
        names.add(column + " missing");
      }
      return names;
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      plain.put("kind", "words");
      plain.put("words", words);
      return plain;
    }
  }

  /** Reads what {@link #plain} wrote, with the entries missing and indicator. */
  static ColumnEncoding of(PlainMap plain) {
    Missing missing = missing(plain);
    boolean indicator = plain.flag("indicator");
    String kind = plain.text("kind");
    return switch (kind) {
      case "number" -> new Numbers(plain.scaling(), missing, indicator, null);
      case "date" -> {
        String format = plain.text("format");
        if (DateFormat.of(format).isEmpty()) {
          throw plain.refused("format", "a known format of dates");
        }
        yield new Numbers(plain.scaling(), missing, indicator, format);
      }
      case "words" -> new Words(plain.texts("words"), missing, indicator);
      default -> throw plain.refused("kind", "number, date or words");
    };
  }

  private static Missing missing(PlainMap plain) {
    try {
      return Missing.valueOf(plain.text("missing").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw plain.refused("missing", "mean, refuse or column");
    }
  }
}
