package dev.glissade.arena.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How examples become a model's inputs and its outputs the prediction. A model file holds it, so
 * that a model can be used without its data.
 */
public record Encoding(Inputs inputs, LabelEncoding label) {
  private static final String NAME = "encoding";

  /** The form of the inputs. */
  public sealed interface Inputs {}

  /**
   * The columns of a table.
   *
   * @param header whether the table had a header, so that columns have names
   * @param width the number of columns of the file, with the label and those that are not used
   */
  public record Columns(boolean header, int width, List<Column> columns) implements Inputs {
    /** Copies the list. */
    public Columns {
      columns = List.copyOf(columns);
    }
  }

  /**
   * One column of a table.
   *
   * @param name its name; its number from 1 in a table without a header
   * @param position its index in the file
   */
  public record Column(String name, int position, ColumnEncoding encoding) {}

  /**
   * The pixels of an image, row by row.
   *
   * @param scaling scales pixels from 0 to 1
   */
  public record Pixels(int width, int height, LinearScale scaling) implements Inputs {}

  /** Returns the number of inputs of an example. */
  public int features() {
    if (inputs instanceof Pixels pixels) {
      return pixels.width() * pixels.height();
    }
    return ((Columns) inputs).columns().stream().mapToInt(c -> c.encoding().width()).sum();
  }

  /** Returns the name of each input; empty for images and tables without a header. */
  public List<String> featureNames() {
    return inputs instanceof Columns table && table.header()
        ? table.columns().stream().flatMap(c -> c.encoding().names(c.name()).stream()).toList()
        : List.of();
  }

  /** Returns the task. */
  public Task task() {
    return label.task();
  }

  /** Returns the number of outputs of a model: a score for each class, or the number. */
  public int outputs() {
    return label.outputs();
  }

  /** Returns the names of the classes in the order of the outputs; empty for regression. */
  public List<String> classNames() {
    return label instanceof LabelEncoding.ClassLabel classes ? classes.classes() : List.of();
  }

  /** Returns plain values for JSON: maps, lists, texts, numbers and booleans. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    if (inputs instanceof Columns table) {
      plain.put("source", "table");
      plain.put("header", table.header());
      plain.put("width", table.width());
      plain.put("columns", table.columns().stream().map(Encoding::plain).toList());
    } else if (inputs instanceof Pixels pixels) {
      plain.put("source", "images");
      plain.put("width", pixels.width());
      plain.put("height", pixels.height());
      plain.put("mean", pixels.scaling().mean());
      plain.put("deviation", pixels.scaling().deviation());
      plain.put("clamped", pixels.scaling().clamped());
    }
    plain.put("label", label.plain());
    return plain;
  }

  private static Map<String, Object> plain(Column column) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", column.name());
    plain.put("position", column.position());
    plain.putAll(column.encoding().plain());
    plain.put("missing", column.encoding().missing().toString());
    plain.put("indicator", column.encoding().indicator());
    return plain;
  }

  /**
   * Reads what {@link #plain} wrote.
   *
   * @throws DataException if the value is damaged; the message names the entry, the rule and the
   *     value
   */
  public static Encoding of(Object plain) {
    PlainMap map = PlainMap.of(NAME, plain);
    String source = map.text("source");
    return switch (source) {
      case "table" -> table(map);
      case "images" -> {
        Pixels pixels =
            new Pixels(
                map.whole("width", 1, 1 << 15), map.whole("height", 1, 1 << 15), map.scaling());
        yield new Encoding(pixels, LabelEncoding.of(map.map("label")));
      }
      default -> throw map.refused("source", "table or images");
    };
  }

  private static Encoding table(PlainMap map) {
    int width = map.whole("width", 2, Integer.MAX_VALUE);
    LabelEncoding label = LabelEncoding.of(map.map("label"));
    if (label.position() < 0 || label.position() >= width) {
      throw map.map("label").refused("position", "a whole number from 0 to " + (width - 1));
    }
    List<Column> columns = new ArrayList<>();
    Set<Integer> positions = new HashSet<>(Set.of(label.position()));
    for (PlainMap column : map.maps("columns")) {
      int position = column.whole("position", 0, width - 1);
      if (!positions.add(position)) {
        throw column.refused("position", "another than those of other columns");
      }
      columns.add(new Column(column.text("name"), position, ColumnEncoding.of(column)));
    }
    Encoding encoding = new Encoding(new Columns(map.flag("header"), width, columns), label);
    if (encoding.features() < 1) {
      throw map.refused("columns", "a list with at least one input");
    }
    return encoding;
  }
}
