package dev.glissade.contrib;

import dev.glissade.Structure;
import dev.glissade.catalog.PlainForm;
import dev.glissade.combine.PathLabels;
import dev.glissade.records.Ordered;
import dev.glissade.transform.WeightLayout;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the leaves that are matrices, by patterns of paths as in {@link PathLabels}; the first
 * pattern that matches decides, and a leaf without a match is not a matrix. Without any pattern
 * each leaf of two axes is a matrix, whose inputs and outputs the {@link WeightLayout} names.
 *
 * <p>In JSON: {@code {"conv*": {"reduction_axis": [0, 1], "output_axis": [2]}, "*": null}}.
 *
 * @param patterns dimension numbers by pattern, in order; {@link DimensionNumbers#NONE} for leaves
 *     that are not matrices
 */
@Withers
public record WeightDimensionNumbers(Map<String, DimensionNumbers> patterns)
    implements PlainForm, WeightDimensionNumbersWithers {
  /** Leaves of two axes are matrices. */
  public static final WeightDimensionNumbers DEFAULT = new WeightDimensionNumbers(Map.of());

  private static final String REDUCTION_AXIS = "reduction_axis";
  private static final String OUTPUT_AXIS = "output_axis";

  /**
   * Copies the map.
   *
   * @param patterns in a map with an order, such as a LinkedHashMap, if two patterns may match one
   *     path
   * @throws IllegalArgumentException if the order matters and the map, such as {@code Map.of}, has
   *     none
   */
  public WeightDimensionNumbers {
    Map<String, String> labels = new LinkedHashMap<>();
    patterns.forEach((pattern, numbers) -> labels.put(pattern, numbers.toString()));
    new PathLabels(Ordered.hasOrder(patterns) ? labels : Map.copyOf(labels));
    patterns = Ordered.copy(patterns);
  }

  /** Returns the dimension numbers of a leaf. */
  DimensionNumbers of(String path, Structure.Leaf leaf, WeightLayout layout) {
    if (patterns.isEmpty()) {
      boolean isOutputLast = layout == WeightLayout.IN_OUT;
      DimensionNumbers matrix =
          isOutputLast ? DimensionNumbers.of(0, 1) : DimensionNumbers.of(1, 0);
      return leaf.shape().size() == 2 ? matrix : DimensionNumbers.NONE;
    }
    Map<String, String> names = new LinkedHashMap<>();
    patterns.keySet().forEach(pattern -> names.put(pattern, pattern));
    String matching = new PathLabels(names).apply(path);
    return patterns.getOrDefault(matching, DimensionNumbers.NONE);
  }

  @Override
  public @Nullable Object plain() {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    patterns.forEach((pattern, numbers) ->
        plain.put(
            pattern,
            numbers.isMatrix()
                ? Map.of(REDUCTION_AXIS, numbers.reductionAxis(), OUTPUT_AXIS, numbers.outputAxis())
                : null));
    return plain.isEmpty() ? null : plain;
  }

  @Override
  public WeightDimensionNumbers read(String where, @Nullable Object plain) {
    if (plain == null) {
      return DEFAULT;
    }
    if (!(plain instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "%s must be an object with dimension numbers for each path pattern, but was %s"
              .formatted(where, plain));
    }
    Map<String, DimensionNumbers> read = new LinkedHashMap<>();
    map.forEach((pattern, numbers) ->
        read.put(String.valueOf(pattern), numbers(where + "[" + pattern + "]", numbers)));
    return new WeightDimensionNumbers(read);
  }

  private static DimensionNumbers numbers(String where, @Nullable Object plain) {
    if (plain == null) {
      return DimensionNumbers.NONE;
    }
    if (!(plain instanceof Map<?, ?> map)
        || map.size() != 2
        || !map.containsKey(REDUCTION_AXIS)
        || !map.containsKey(OUTPUT_AXIS)) {
      throw new IllegalArgumentException(
          "%s must be null or an object with reduction_axis and output_axis, but was %s"
              .formatted(where, plain));
    }
    return new DimensionNumbers(
        axes(where, map.get(REDUCTION_AXIS)), axes(where, map.get(OUTPUT_AXIS)));
  }

  private static List<Integer> axes(String where, @Nullable Object plain) {
    List<?> given = plain instanceof List<?> list ? list : Collections.singletonList(plain);
    List<Integer> axes = new ArrayList<>();
    for (Object axis : given) {
      if (!(axis instanceof Number number) || number.doubleValue() != number.intValue()) {
        throw new IllegalArgumentException(
            "%s must have whole numbers as axes, but had %s".formatted(where, plain));
      }
      axes.add(number.intValue());
    }
    return axes;
  }
}
