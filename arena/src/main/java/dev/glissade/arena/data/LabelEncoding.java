package dev.glissade.arena.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model predicts, and the column that says it. */
public sealed interface LabelEncoding {
  /** Returns the name of the column; empty if it has none. */
  String name();

  /** Returns the index of the column in the file; -1 for images, whose labels are a file. */
  int position();

  /** Returns the task. */
  Task task();

  /** Returns the number of outputs of a model: a score for each class, or the number. */
  int outputs();

  /** Returns plain values for JSON. */
  Map<String, Object> plain();

  /**
   * A class.
   *
   * @param classes the names in the order of the outputs
   */
  record ClassLabel(String name, int position, List<String> classes) implements LabelEncoding {
    /** Copies the list. */
    public ClassLabel {
      classes = List.copyOf(classes);
    }

    @Override
    public Task task() {
      return Task.CLASSES;
    }

    @Override
    public int outputs() {
      return classes.size();
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = start(this);
      plain.put("classes", classes);
      return plain;
    }
  }

  /**
   * A number.
   *
   * @param scaling makes the number that a model learns from the number in the data
   */
  record NumberLabel(String name, int position, LinearScale scaling) implements LabelEncoding {
    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = start(this);
      plain.put("mean", scaling.mean());
      plain.put("deviation", scaling.deviation());
      plain.put("clamped", scaling.clamped());
      return plain;
    }
  }

  private static Map<String, Object> start(LabelEncoding label) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("task", label.task().toString());
    plain.put("name", label.name());
    plain.put("position", label.position());
    return plain;
  }

  /** Reads what {@link #plain} wrote. */
  static LabelEncoding of(PlainMap plain) {
    String name = plain.text("name");
    int position = plain.whole("position", -1, Integer.MAX_VALUE);
    String task = plain.text("task");
    return switch (task) {
      case "classes" -> {
        List<String> classes = plain.texts("classes");
        if (classes.size() < 2) {
          throw plain.refused("classes", "at least 2 texts");
        }
        yield new ClassLabel(name, position, classes);
      }
      case "regression" -> new NumberLabel(name, position, plain.scaling());
      default -> throw plain.refused("task", "classes or regression");
    };
  }
}
