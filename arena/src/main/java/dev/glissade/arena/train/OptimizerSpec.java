package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.text.Text;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.records.Records;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer as the user chose it.
 *
 * @param label the name in tables and messages
 * @param plain name and arguments in the catalog's form, all arguments stated
 */
public record OptimizerSpec(String label, Map<String, Object> plain) {
  private static final Catalog CATALOG = Catalog.standard();

  /**
   * Returns the optimizer with scheduled learning rates, for a run of this many steps, and for the
   * weights of our models.
   */
  GradientTransformation<?> optimizer(RateSchedule schedule, int steps) {
    return WeightLayout.IN_OUT.appliedTo(
        CATALOG.optimizer(new LearningRates(schedule, steps).scheduled(plain)));
  }

  /** Returns whether it can train within a privacy budget. */
  public boolean isPrivate() {
    return "dpsgd".equals(plain.get("name"));
  }

  /** Returns plain values that name an optimizer, in the catalog's form, all arguments stated. */
  static Map<String, Object> form(Object plain) {
    return CATALOG.describe(CATALOG.optimizer(plain));
  }

  /** Returns text that {@link OptimizerParser} reads as this optimizer: the label or JSON. */
  public String text() {
    try {
      if (OptimizerParser.one(label).plain().equals(plain)) {
        return label;
      }
    } catch (IllegalArgumentException e) {
      // The label is not an optimizer, as with a file's name or a number after equal labels.
    }
    return Text.json(plain);
  }

  /** Returns an optimizer as one line of JSON, all arguments stated. */
  static String json(GradientTransformation<?> optimizer) {
    return Text.json(CATALOG.describe(optimizer));
  }

  /**
   * Returns a dpsgd with secret noise as one line of JSON, without its seed, which such a run does
   * not use.
   */
  static String privateJson(Dpsgd dpsgd) {
    Map<String, Object> plain = new LinkedHashMap<>(CATALOG.describe(dpsgd));
    plain.put("args", privateArguments(dpsgd));
    return Text.json(plain);
  }

  /** Returns the arguments of such a dpsgd by name, without the seed. */
  static Map<String, @Nullable Object> privateArguments(Dpsgd dpsgd) {
    Map<String, @Nullable Object> arguments = Records.children(CATALOG.describe(dpsgd).get("args"));
    arguments.remove("seed");
    return arguments;
  }

  /** Returns remarks for the reader of the results. */
  List<String> notes() {
    @Nullable String note = Presets.note(String.valueOf(plain.get("name")));
    return note == null ? List.of() : List.of(note);
  }
}
